/** Makes the place for states, and says how it is used. */
import { bootstrapState, describeBootstrap } from "../../../bootstrap/bootstrap.ts";
import { OperatorError } from "../../../errors.ts";
import type { Session } from "../../session.ts";

/** @throws OperatorError without credentials */
export async function runBootstrap({ accountId, aws, settings, pulumiStack, reporter, print }: Session): Promise<void> {
    if (accountId === undefined) throw new OperatorError("there is no account to make the bucket in", "log in, for example with `aws sso login`");
    const result = await bootstrapState({ aws, accountId, project: settings.project, onChange: (message) => reporter.report({ kind: "note", message }) });
    print(describeBootstrap(result, pulumiStack));
}
