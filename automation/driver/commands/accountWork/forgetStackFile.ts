/** What the driver has written for an environment beside a stack goes with the environment. */
import { removeSuffixedStackFile } from "../../../engine/pulumi/stackFile.ts";
import type { Session } from "../../session.ts";

/** Only to be called when the state has nothing any more. Leaves what a person has written. */
export function forgetStackFile({ projectFolder, pulumiStack, reporter }: Pick<Session, "projectFolder" | "pulumiStack" | "reporter">): void {
    const removed = removeSuffixedStackFile(projectFolder, pulumiStack);
    if (removed !== undefined) reporter.report({ kind: "note", message: `removed ${removed}: the driver had written it` });
}
