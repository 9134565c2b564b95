/** A rehearsal cloud with a provider on it, one per test file. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AwsTarget } from "../../../../automation/aws.ts";
import type { Provider } from "../../../../automation/engine/provider.ts";
import type { Cloud } from "../../../../automation/rehearsal/cloud/cloud.ts";
import { startCloud } from "../../../../automation/rehearsal/cloud/startCloud.ts";
import { buildEnvironment } from "../../../../automation/rehearsal/environment.ts";
import { createRehearsalProvider } from "../../../../automation/rehearsal/handlers/provider.ts";
import { preparePythonEnvironment } from "../../../../automation/rehearsal/pythonEnvironment.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../../..");

export interface HandlerCloud {
    readonly cloud: Cloud;
    readonly provider: Provider;
    readonly accountId: string;
    readonly region: string;
    readonly target: AwsTarget;
    /** Python interpreter with XGBoost. */
    readonly python: string;
    /** Environment of child processes. */
    readonly environment: NodeJS.ProcessEnv;
    stop(): Promise<void>;
}

export async function startHandlerCloud(): Promise<HandlerCloud> {
    const region = "eu-central-1";
    const folder = await mkdtemp(path.join(tmpdir(), "firstlight-handlers-"));
    const { python } = await preparePythonEnvironment({ folder: PROJECT });
    const cloud = await startCloud({ region, folder, python });
    const { target, accountId } = cloud;
    const environment = buildEnvironment({ region, folder, endpoint: target.endpoint! });
    return {
        cloud, accountId, region, target, python, environment,
        provider: createRehearsalProvider({ target, accountId, environment, projectFolder: PROJECT }),
        async stop() {
            await cloud.stop();
            await rm(folder, { recursive: true });
        },
    };
}
