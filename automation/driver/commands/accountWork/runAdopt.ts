/** Takes what exists of a stack into its state. */
import { adoptStack } from "../../../account/adopt.ts";
import { refuseForeignState } from "../../../phases/statePlace.ts";
import type { Session } from "../../session.ts";

/** What it did is told by its notes. @throws OperatorError for a state of another account or region: the two would be mixed */
export async function runAdopt(session: Session): Promise<void> {
    const { pulumiStack: stack, reporter, signal, aws, accountId } = session;
    const engine = await session.engine();
    refuseForeignState({ accountId, aws, stack }, await engine.resources());
    await adoptStack({ engine, stack, reporter, signal }, await session.lookup());
}
