/** Takes everything away again: the stack, and what the pipeline made or Pulumi retains. */
import {
    DeleteEndpointConfigCommand, DeleteModelCommand, ListTagsCommand, paginateListEndpointConfigs, paginateListModels,
} from "@aws-sdk/client-sagemaker";
import { createNaming } from "../../components/naming.ts";
import type { EngineEvent } from "../engine/engine.ts";
import { readOutputs } from "../outputs.ts";
import type { Phase, PhaseContext } from "./phase.ts";

interface Leftover {
    readonly kind: "model" | "endpoint configuration";
    readonly name: string;
    readonly arn: string;
}

export const teardownPhase: Phase = {
    name: "destroy",
    async run(context) {
        const { engine, reporter, signal } = context;
        const isDeployed = Object.keys(await engine.outputs()).length > 0;
        const prefix = isDeployed ? await readPrefix(context) : undefined;
        const onEvent = (event: EngineEvent): void => reporter.report(event);
        const counts = await engine.destroy({ onEvent, signal });
        reporter.report({ kind: "counts", phase: "destroy", counts });
        // After the endpoint, which uses them.
        if (prefix !== undefined) await removeLeftovers(context, prefix);
    },
};

async function readPrefix({ config, engine, aws }: PhaseContext): Promise<string> {
    const { accountId } = await readOutputs(engine);
    return createNaming(config, { accountId, region: aws.target.region }).prefix;
}

/** Models and configurations of this stack, known by name and tags. */
async function removeLeftovers(context: PhaseContext, prefix: string): Promise<void> {
    for (const leftover of [...await findConfigurations(context, prefix), ...await findModels(context, prefix)]) {
        context.signal.throwIfAborted();
        if (!await isOurs(context, leftover)) continue;
        await remove(context, leftover);
        context.reporter.report({ kind: "note", message: `deleted ${leftover.kind} ${leftover.name}, which the stack retains` });
    }
}

async function findModels({ aws }: PhaseContext, prefix: string): Promise<readonly Leftover[]> {
    const found: Leftover[] = [];
    for await (const { Models = [] } of paginateListModels({ client: aws.sagemaker }, { NameContains: `${prefix}-` })) {
        found.push(...Models.map(({ ModelName = "", ModelArn = "" }) => ({ kind: "model", name: ModelName, arn: ModelArn }) as const));
    }
    return found.filter(({ name }) => name.startsWith(`${prefix}-`));
}

async function findConfigurations({ aws }: PhaseContext, prefix: string): Promise<readonly Leftover[]> {
    const found: Leftover[] = [];
    for await (const { EndpointConfigs = [] } of paginateListEndpointConfigs({ client: aws.sagemaker }, { NameContains: `${prefix}-` })) {
        found.push(...EndpointConfigs.map(({ EndpointConfigName = "", EndpointConfigArn = "" }) => (
            { kind: "endpoint configuration", name: EndpointConfigName, arn: EndpointConfigArn }) as const));
    }
    return found.filter(({ name }) => name.startsWith(`${prefix}-`));
}

/** The prefix alone would also match `<stack>-<suffix>` of a pull request. */
async function isOurs({ aws, config }: PhaseContext, { arn }: Leftover): Promise<boolean> {
    const { Tags = [] } = await aws.sagemaker.send(new ListTagsCommand({ ResourceArn: arn }));
    const tags = new Map(Tags.map(({ Key, Value }) => [Key, Value]));
    const environment = [config.environment, config.environmentSuffix].filter((part) => part !== undefined).join("-");
    return tags.get("Project") === config.project && tags.get("Environment") === environment;
}

async function remove({ aws }: PhaseContext, { kind, name }: Leftover): Promise<void> {
    if (kind === "model") await aws.sagemaker.send(new DeleteModelCommand({ ModelName: name }));
    else await aws.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name }));
}
