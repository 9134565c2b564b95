/** Models and endpoint configurations that the pipeline made or Pulumi retains: found by name, and known as ours by their tags. */
import {
    DeleteEndpointConfigCommand, DeleteModelCommand, ListTagsCommand, paginateListEndpointConfigs, paginateListModels,
} from "@aws-sdk/client-sagemaker";
import type { Naming } from "../../components/naming.ts";
import type { PhaseContext } from "./phase.ts";

interface Leftover {
    readonly kind: "model" | "endpoint configuration";
    readonly name: string;
    readonly arn: string;
}

/** Deletes all of this stack, configurations first because they name models. Nothing may serve with them any more. */
export async function removeLeftovers(context: PhaseContext, naming: Naming): Promise<void> {
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
