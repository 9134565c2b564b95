import { OperatorError } from "../../errors.ts";
import type { Session } from "../../session.ts";

export async function runBootstrap(_session: Session): Promise<void> {
    throw new OperatorError("bootstrap is not wired yet", "wait for it");
}
