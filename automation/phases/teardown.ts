/** Takes everything away again: the stack, and what the pipeline made or Pulumi retains. */
import {
    DeleteEndpointConfigCommand, DeleteModelCommand, ListTagsCommand, paginateListEndpointConfigs, paginateListModels,
} from "@aws-sdk/client-sagemaker";
import { createNaming } from "../../components/naming.ts";
import type { Naming } from "../../components/naming.ts";
import type { EngineEvent } from "../engine/engine.ts";
import { readOutputs } from "../outputs.ts";
import { deleteJobLogs } from "./jobLogs.ts";
import type { Phase, PhaseContext } from "./phase.ts";
import { expectGone } from "./servedEndpoint.ts";

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
        const owner = isDeployed ? await describeOwner(context) : undefined;
        const onEvent = (event: EngineEvent): void => reporter.report(event);
        const counts = await engine.destroy({ onEvent, signal });
        reporter.report({ kind: "counts", phase: "destroy", counts });
        if (owner === undefined) return;
        // The stack's guard waits as well, unless the run that made it was cut off. After the endpoint goes what it uses.
        await expectGone(context, owner.endpointName);
        await removeLeftovers(context, owner.naming);
        const deleted = await deleteJobLogs(context.aws.logs, { prefix: owner.naming.prefix, endpointName: owner.endpointName });
        if (deleted > 0) reporter.report({ kind: "note", message: `deleted ${deleted} log streams and groups that SageMaker wrote for this stack` });
    },
};

async function describeOwner({ config, engine, aws }: PhaseContext): Promise<{ naming: Naming; endpointName: string }> {
    const { accountId, endpointName } = await readOutputs(engine);
    return { naming: createNaming(config, { accountId, region: aws.target.region }), endpointName };
}

/** Models and configurations of this stack, known by name and tags. */
async function removeLeftovers(context: PhaseContext, naming: Naming): Promise<void> {
    for (const leftover of [...await findConfigurations(context, naming), ...await findModels(context, naming)]) {
        context.signal.throwIfAborted();
        if (!await isOurs(context, naming, leftover)) continue;
        await remove(context, leftover);
        context.reporter.report({ kind: "note", message: `deleted ${leftover.kind} ${leftover.name}, which the stack retains` });
    }
}

async function findModels({ aws }: PhaseContext, { prefix }: Naming): Promise<readonly Leftover[]> {
    const found: Leftover[] = [];
    for await (const { Models = [] } of paginateListModels({ client: aws.sagemaker }, { NameContains: `${prefix}-` })) {
        found.push(...Models.map(({ ModelName = "", ModelArn = "" }) => ({ kind: "model", name: ModelName, arn: ModelArn }) as const));
    }
    return found.filter(({ name }) => name.startsWith(`${prefix}-`));
}

async function findConfigurations({ aws }: PhaseContext, { prefix }: Naming): Promise<readonly Leftover[]> {
    const found: Leftover[] = [];
    for await (const { EndpointConfigs = [] } of paginateListEndpointConfigs({ client: aws.sagemaker }, { NameContains: `${prefix}-` })) {
        found.push(...EndpointConfigs.map(({ EndpointConfigName = "", EndpointConfigArn = "" }) => (
            { kind: "endpoint configuration", name: EndpointConfigName, arn: EndpointConfigArn }) as const));
    }
    return found.filter(({ name }) => name.startsWith(`${prefix}-`));
}

/** The prefix alone would also match `<stack>-<suffix>` of a pull request. */
async function isOurs({ aws, config }: PhaseContext, { environment }: Naming, { arn }: Leftover): Promise<boolean> {
    const { Tags = [] } = await aws.sagemaker.send(new ListTagsCommand({ ResourceArn: arn }));
    const tags = new Map(Tags.map(({ Key, Value }) => [Key, Value]));
    return tags.get("Project") === config.project && tags.get("Environment") === environment;
}

async function remove({ aws }: PhaseContext, { kind, name }: Leftover): Promise<void> {
    if (kind === "model") await aws.sagemaker.send(new DeleteModelCommand({ ModelName: name }));
    else await aws.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name }));
}
