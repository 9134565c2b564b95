/** Takes what exists of a stack into its state. */
import { adoptStack } from "../../account/adopt.ts";
import type { Session } from "../../session.ts";

/** What it did is told by its notes. */
export async function runAdopt(session: Session): Promise<void> {
    const { pulumiStack: stack, reporter, signal } = session;
    await adoptStack({ engine: await session.engine(), stack, reporter, signal }, await session.lookup());
}
