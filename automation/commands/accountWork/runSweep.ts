import { OperatorError } from "../../errors.ts";
import type { Session } from "../../session.ts";

export async function runSweep(_session: Session): Promise<void> {
    throw new OperatorError("sweep is not wired yet", "wait for it");
}
