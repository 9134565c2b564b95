/** Says where the stack is: as one event for machines, in lines for people. */
import type { Session } from "../../session.ts";
import { readStatus } from "./readStatus.ts";
import { renderStatus } from "./renderStatus.ts";

/** Never fails because somebody does not answer: that is part of the status. */
export async function reportStatus(session: Session): Promise<void> {
    const status = await readStatus(session);
    session.reporter.report({ kind: "status", status });
    for (const line of renderStatus(status)) session.print(line);
}
