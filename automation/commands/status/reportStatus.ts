import type { Session } from "../../session.ts";

export async function reportStatus(session: Session): Promise<void> {
    session.print(`stack ${session.pulumiStack}`);
}
