/** Where the command itself runs, and where it would keep the state. */
import { isContinuousIntegration } from "../../continuousIntegration.ts";
import { lookForBackend } from "../../locks/backendUrl.ts";
import type { BackendOptions } from "../../locks/backendUrl.ts";
import type { RunnerEvidence } from "../rule.ts";

/** Undefined when it cannot be told, because what `pulumi login` left cannot be read: rules that need it then count as not checked. */
export async function readRunner(options: BackendOptions): Promise<RunnerEvidence | undefined> {
    const isCi = isContinuousIntegration(options.environment);
    return lookForBackend(options).then((backend) => ({ isCi, backendUrl: backend?.url }), () => undefined);
}
