import { OperatorError } from "../../errors.ts";
import type { Session } from "../../session.ts";

export async function runAdopt(_session: Session): Promise<void> {
    throw new OperatorError("adopt is not wired yet", "wait for it");
}
