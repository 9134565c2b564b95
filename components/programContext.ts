/** What the program knows before it declares anything: its configuration, and the account it deploys into. */
import * as pulumi from "@pulumi/pulumi";
import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity.js";
import { getPartition } from "@pulumi/aws/getPartition.js";
import { getRegion } from "@pulumi/aws/getRegion.js";
import { getParametersByPath } from "@pulumi/aws/ssm/getParametersByPath.js";
import { CONFIG_PREFIX, ConfigError, parseConfig } from "./config.ts";
import type { PlatformConfig } from "./config.ts";
import type { Location, PlatformContext } from "./context.ts";
import { findModelsToServe } from "./inference/approvedModel.ts";
import type { ModelsToServe } from "./inference/approvedModel.ts";
import { pulumiStackOf, splitPulumiStack } from "./environmentName.ts";
import { createNaming } from "./naming.ts";

export interface ProgramContext {
    readonly config: PlatformConfig;
    readonly context: PlatformContext;
}

/**
 * Reads `firstlight:` configuration, the stack's name with its suffix, and the account.
 *
 * @throws pulumi.RunError with all findings when the configuration is wrong, or when ENVIRONMENT_SUFFIX asks for another environment than
 * the stack's.
 */
export async function readContext(): Promise<ProgramContext> {
    const config = readConfig();
    const location = await readLocation();
    const naming = createNaming(config, location);
    return {
        config,
        context: {
            naming,
            location,
            tags: buildTags(config, naming.environment),
            logRetentionDays: config.logRetentionDays,
            destroyData: config.destroyData,
        },
    };
}

/**
 * The models that endpoints are to serve, from the environment's parameters; a variant that is to have no endpoint is absent.
 *
 * @throws pulumi.RunError when a parameter holds something else than a model.
 */
export async function readModelsToServe(config: PlatformConfig, { naming }: PlatformContext): Promise<ModelsToServe> {
    const { parameterPath } = naming;
    // A path that does not exist is an empty list: before the first deployment nothing has to be there.
    const { names, values } = await getParametersByPath({ path: parameterPath });
    const parameters = new Map(names.map((name, index) => [name, values[index] ?? ""]));
    try {
        return findModelsToServe({ endpoints: config.inference.endpoints, parameterPath, parameters });
    } catch (error) {
        throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
    }
}

/**
 * `firstlight:` configuration of the stack that is selected.
 *
 * @throws pulumi.RunError as `readContext` does.
 */
export function readConfig(): PlatformConfig {
    const { stack, suffix } = splitPulumiStack(pulumi.getStack());
    const asked = process.env["ENVIRONMENT_SUFFIX"];
    if (asked !== undefined && asked !== "" && asked !== suffix) {
        const wanted = pulumiStackOf({ stack, suffix: asked });
        throw new pulumi.RunError(`F27 ENVIRONMENT_SUFFIX is ${JSON.stringify(asked)}, but the stack ${pulumi.getStack()} is not that environment's: its state would be overwritten\n`
            + `  fix: select the stack ${wanted}, as automation/deploy.ts does, or unset ENVIRONMENT_SUFFIX\n  see: docs/failures.md#f27`);
    }
    try {
        return parseConfig({ stack, environmentSuffix: suffix, project: pulumi.getProject(), values: readValues(CONFIG_PREFIX) });
    } catch (error) {
        if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
        throw error;
    }
}

function readValues(prefix: string): Record<string, unknown> {
    const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

async function readLocation(): Promise<Location> {
    const [identity, region, partition] = await Promise.all([getCallerIdentity(), getRegion(), getPartition()]);
    return { accountId: identity.accountId, region: region.region, partition: partition.partition, dnsSuffix: partition.dnsSuffix };
}

/** On every resource; what the sweep looks for. */
export function buildTags(config: PlatformConfig, environment: string): Readonly<Record<string, string>> {
    return { ...config.tags, Project: config.project, Environment: environment, ManagedBy: "Pulumi" };
}
