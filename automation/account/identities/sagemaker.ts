/** Models, endpoint configurations and endpoints. The first two are named by Pulumi, and kept when they are replaced. */
import {
    DescribeEndpointCommand, DescribeEndpointConfigCommand, DescribeModelCommand, ListTagsCommand, paginateListEndpointConfigs, paginateListModels,
    type ProductionVariant, type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import type { PropertyMap } from "../../engine/provider.ts";
import { autoNameStem, importPage, isSameName, knownText, outputsOf, readTags } from "./lookup.ts";
import type { Candidate, Lookup, Tags } from "./lookup.ts";

interface Named { readonly name: string; readonly arn: string | undefined }

async function listTags(sagemaker: SageMakerClient, ResourceArn: string | undefined): Promise<Tags> {
    return ResourceArn === undefined ? {} : readTags((await sagemaker.send(new ListTagsCommand({ ResourceArn }))).Tags);
}

/** SageMaker says that something does not exist as a fault of the request. */
async function unlessAbsent<Value>(call: () => Promise<Value>): Promise<Value | undefined> {
    try {
        return await call();
    } catch (error) {
        if (error instanceof Error && (error.name === "ResourceNotFound" || /could not find/i.test(error.message))) return undefined;
        throw error;
    }
}

/** Those that are named as the program's, or by Pulumi for the same resource; exactly the name's own where it exists. */
async function findNamed(inputs: PropertyMap, list: (contains: string) => Promise<readonly Named[]>): Promise<readonly Named[]> {
    const name = knownText(inputs, "name");
    if (name === undefined) return [];
    const found = (await list(autoNameStem(name) ?? name)).filter((named) => isSameName(name, named.name));
    const exact = found.filter((named) => named.name === name);
    return exact.length > 0 ? exact : found;
}

function pathValue(inputs: PropertyMap, ...path: readonly (string | number)[]): unknown {
    return path.reduce<unknown>((value, key) => (value as Readonly<Record<string | number, unknown>> | undefined)?.[key], inputs);
}

const model: Lookup = {
    type: "aws:sagemaker/model:Model",
    source: importPage("sagemaker/model"),
    interchangeable: true,
    async candidates(inputs, { aws: { sagemaker } }) {
        const named = await findNamed(inputs, async (NameContains) => {
            const found: Named[] = [];
            for await (const { Models = [] } of paginateListModels({ client: sagemaker }, { NameContains })) {
                found.push(...Models.map(({ ModelName = "", ModelArn }) => ({ name: ModelName, arn: ModelArn })));
            }
            return found;
        });
        const candidates: Candidate[] = [];
        for (const { name, arn } of named) {
            const found = await unlessAbsent(() => sagemaker.send(new DescribeModelCommand({ ModelName: name })));
            // An older one of the same resource has other model data, and cannot be changed.
            if (found?.PrimaryContainer?.ModelDataUrl !== pathValue(inputs, "primaryContainer", "modelDataUrl")) continue;
            candidates.push({ id: name, outputs: outputsOf({ name, arn }), tags: await listTags(sagemaker, arn) });
        }
        return candidates;
    },
};

/** Serves the same model with the same memory and concurrency: an older one that was kept must not be served again. */
function isSameVariant(found: ProductionVariant | undefined, inputs: PropertyMap): boolean {
    const asked = (...path: readonly string[]): unknown => pathValue(inputs, "productionVariants", 0, ...path);
    return found?.ModelName === asked("modelName")
        && found?.ServerlessConfig?.MemorySizeInMB === asked("serverlessConfig", "memorySizeInMb")
        && found?.ServerlessConfig?.MaxConcurrency === asked("serverlessConfig", "maxConcurrency");
}

const endpointConfiguration: Lookup = {
    type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    source: importPage("sagemaker/endpointconfiguration"),
    interchangeable: true,
    async candidates(inputs, { aws: { sagemaker } }) {
        const named = await findNamed(inputs, async (NameContains) => {
            const found: Named[] = [];
            for await (const { EndpointConfigs = [] } of paginateListEndpointConfigs({ client: sagemaker }, { NameContains })) {
                found.push(...EndpointConfigs.map(({ EndpointConfigName = "", EndpointConfigArn }) => ({ name: EndpointConfigName, arn: EndpointConfigArn })));
            }
            return found;
        });
        const candidates: Candidate[] = [];
        for (const { name, arn } of named) {
            const found = await unlessAbsent(() => sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name })));
            if (!isSameVariant(found?.ProductionVariants?.[0], inputs)) continue;
            candidates.push({ id: name, outputs: outputsOf({ name, arn }), tags: await listTags(sagemaker, arn) });
        }
        return candidates;
    },
};

/** One that failed or is on its way out is not adopted: it is deleted, and made anew. */
const endpoint: Lookup = {
    type: "aws:sagemaker/endpoint:Endpoint",
    source: importPage("sagemaker/endpoint"),
    async candidates(inputs, { aws: { sagemaker } }) {
        const name = knownText(inputs, "name");
        const found = name === undefined ? undefined : await unlessAbsent(() => sagemaker.send(new DescribeEndpointCommand({ EndpointName: name })));
        if (name === undefined || found === undefined || ["Failed", "Deleting"].includes(found.EndpointStatus ?? "")) return [];
        return [{ id: name, outputs: outputsOf({ arn: found.EndpointArn }), tags: await listTags(sagemaker, found.EndpointArn) }];
    },
};

export const sagemakerLookups: readonly Lookup[] = [model, endpointConfiguration, endpoint];
