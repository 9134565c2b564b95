/** `aws:sagemaker/model:Model` and `aws:sagemaker/endpointConfiguration:EndpointConfiguration`: immutable but for their tags. */
import {
    AddTagsCommand, CreateEndpointConfigCommand, CreateModelCommand, DeleteEndpointConfigCommand, DeleteModelCommand, DeleteTagsCommand,
    DescribeEndpointConfigCommand, DescribeModelCommand, ListTagsCommand, type ContainerDefinition, type ContainerMode,
    type ProductionVariant, type ProductionVariantInstanceType, type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import type { PropertyMap, UpdateRequest } from "../../engine/provider.ts";
import { regionalArn, whenKnown } from "./arn.ts";
import type { ResourceDefinition } from "./definition.ts";
import { amount, flag, map, maps, reported, requiredText, text, textMap } from "./inputs.ts";
import type { Place } from "./place.ts";
import { appliedFree, appliedFreeReplaces, appliedReplaces, recordedReplaces, region, registryPage } from "./rules.ts";
import { applyTagChange, readTags, tagChange, tagList, tagOutputs } from "./tags.ts";

/** SageMaker lower-cases the name inside ARNs. Source: facts of `docs/failures.md`, mixed-case names in policies. */
export function sagemakerArn(place: Place, kind: string, name: string): string {
    return regionalArn(place, "sagemaker", `${kind}/${name.toLowerCase()}`);
}

/** SageMaker says "not found" by a ValidationException with a text. */
export async function unlessNotFound<Value>(call: () => Promise<Value>): Promise<Value | undefined> {
    try {
        return await call();
    } catch (error) {
        const isMissing = error instanceof Error && error.name === "ValidationException" && /could not find/i.test(error.message);
        if (isMissing) return undefined;
        throw error;
    }
}

/** Tags of a SageMaker resource, all pages. */
export async function listTags(ResourceArn: string | undefined, client: SageMakerClient): Promise<Record<string, string>> {
    const tags: Record<string, string> = {};
    let NextToken: string | undefined;
    do {
        const page = await client.send(new ListTagsCommand({ ResourceArn, NextToken }));
        Object.assign(tags, readTags(page.Tags));
        NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return tags;
}

export async function updateTags(ResourceArn: string, { oldInputs, inputs }: UpdateRequest, client: SageMakerClient): Promise<void> {
    await applyTagChange(
        tagChange(oldInputs, inputs),
        (tags) => client.send(new AddTagsCommand({ ResourceArn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) })),
        (TagKeys) => client.send(new DeleteTagsCommand({ ResourceArn, TagKeys })),
    );
}

function toContainer(container: PropertyMap): ContainerDefinition {
    return {
        Image: text(container, "image"),
        ModelDataUrl: text(container, "modelDataUrl"),
        Mode: text(container, "mode") as ContainerMode | undefined,
        ContainerHostname: text(container, "containerHostname"),
        Environment: textMap(container, "environment"),
    };
}

function fromContainer(container: ContainerDefinition): PropertyMap {
    return reported({
        image: container.Image,
        modelDataUrl: container.ModelDataUrl,
        mode: container.Mode,
        containerHostname: container.ContainerHostname,
        environment: container.Environment,
    });
}

export const sagemakerModel: ResourceDefinition = {
    table: {
        type: "aws:sagemaker/model:Model",
        source: registryPage("sagemaker/model"),
        inputs: {
            ...region,
            name: appliedReplaces,
            executionRoleArn: appliedReplaces,
            enableNetworkIsolation: appliedReplaces,
            "primaryContainer.image": appliedReplaces,
            "primaryContainer.modelDataUrl": appliedReplaces,
            "primaryContainer.mode": appliedReplaces,
            "primaryContainer.containerHostname": appliedReplaces,
            "primaryContainer.environment": appliedFreeReplaces,
            tags: appliedFree,
        },
        outputs: [
            "arn", "containers", "enableNetworkIsolation", "executionRoleArn", "inferenceExecutionConfig", "name", "primaryContainer",
            "region", "tags", "tagsAll", "vpcConfig",
        ],
        autoName: { property: "name", maxLength: 63 },
    },
    predict: ({ inputs }, place) => ({
        id: whenKnown(inputs["name"], (name) => name),
        outputs: {
            arn: whenKnown(inputs["name"], (name) => sagemakerArn(place, "model", name)),
            region: place.region,
            tagsAll: inputs["tags"] ?? {},
        },
    }),
    async create({ inputs }, { clients }) {
        const name = requiredText(inputs, "name");
        await clients.sagemaker.send(new CreateModelCommand({
            ModelName: name,
            ExecutionRoleArn: requiredText(inputs, "executionRoleArn"),
            PrimaryContainer: toContainer(map(inputs, "primaryContainer") ?? {}),
            EnableNetworkIsolation: flag(inputs, "enableNetworkIsolation"),
            Tags: tagList(inputs),
        }));
        return name;
    },
    async read({ id, inputs }, { clients, place }) {
        const model = await unlessNotFound(() => clients.sagemaker.send(new DescribeModelCommand({ ModelName: id })));
        if (model === undefined) return undefined;
        const tags = await listTags(model.ModelArn, clients.sagemaker);
        const values = reported({
            name: model.ModelName,
            executionRoleArn: model.ExecutionRoleArn,
            enableNetworkIsolation: model.EnableNetworkIsolation ?? false,
            primaryContainer: model.PrimaryContainer === undefined ? undefined : fromContainer(model.PrimaryContainer),
        });
        return { id, inputs: { ...values, tags }, outputs: { ...values, ...tagOutputs(tags), arn: model.ModelArn ?? "", region: place.region } };
    },
    update: (request, { clients, place }) => updateTags(sagemakerArn(place, "model", request.id), request, clients.sagemaker),
    async delete({ id }, { clients }) {
        await unlessNotFound(() => clients.sagemaker.send(new DeleteModelCommand({ ModelName: id })));
    },
};

function toVariant(variant: PropertyMap): ProductionVariant {
    const serverless = map(variant, "serverlessConfig");
    return {
        VariantName: requiredText(variant, "variantName"),
        ModelName: requiredText(variant, "modelName"),
        InitialInstanceCount: amount(variant, "initialInstanceCount"),
        InstanceType: text(variant, "instanceType") as ProductionVariantInstanceType | undefined,
        InitialVariantWeight: amount(variant, "initialVariantWeight"),
        ...(serverless === undefined ? {} : {
            ServerlessConfig: {
                MaxConcurrency: amount(serverless, "maxConcurrency"),
                MemorySizeInMB: amount(serverless, "memorySizeInMb"),
                ProvisionedConcurrency: amount(serverless, "provisionedConcurrency"),
            },
        }),
    };
}

function fromVariant(variant: ProductionVariant): PropertyMap {
    const serverless = variant.ServerlessConfig;
    return reported({
        variantName: variant.VariantName,
        modelName: variant.ModelName,
        initialInstanceCount: variant.InitialInstanceCount,
        instanceType: variant.InstanceType,
        initialVariantWeight: variant.InitialVariantWeight,
        serverlessConfig: serverless === undefined ? undefined : reported({
            maxConcurrency: serverless.MaxConcurrency,
            memorySizeInMb: serverless.MemorySizeInMB,
            provisionedConcurrency: serverless.ProvisionedConcurrency,
        }),
    });
}

export const sagemakerEndpointConfiguration: ResourceDefinition = {
    table: {
        type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        source: registryPage("sagemaker/endpointconfiguration"),
        inputs: {
            ...region,
            name: appliedReplaces,
            namePrefix: recordedReplaces,
            kmsKeyArn: appliedReplaces,
            "productionVariants.variantName": appliedReplaces,
            "productionVariants.modelName": appliedReplaces,
            "productionVariants.initialInstanceCount": appliedReplaces,
            "productionVariants.instanceType": appliedReplaces,
            "productionVariants.initialVariantWeight": appliedReplaces,
            "productionVariants.serverlessConfig.maxConcurrency": appliedReplaces,
            "productionVariants.serverlessConfig.memorySizeInMb": appliedReplaces,
            "productionVariants.serverlessConfig.provisionedConcurrency": appliedReplaces,
            tags: appliedFree,
        },
        outputs: [
            "arn", "asyncInferenceConfig", "dataCaptureConfig", "executionRoleArn", "kmsKeyArn", "name", "namePrefix",
            "productionVariants", "region", "shadowProductionVariants", "tags", "tagsAll",
        ],
        autoName: { property: "name", maxLength: 63 },
    },
    predict: ({ inputs }, place) => ({
        id: whenKnown(inputs["name"], (name) => name),
        outputs: {
            arn: whenKnown(inputs["name"], (name) => sagemakerArn(place, "endpoint-config", name)),
            region: place.region,
            tagsAll: inputs["tags"] ?? {},
        },
    }),
    async create({ inputs }, { clients }) {
        const name = requiredText(inputs, "name");
        await clients.sagemaker.send(new CreateEndpointConfigCommand({
            EndpointConfigName: name,
            ProductionVariants: (maps(inputs, "productionVariants") ?? []).map(toVariant),
            KmsKeyId: text(inputs, "kmsKeyArn"),
            Tags: tagList(inputs),
        }));
        return name;
    },
    async read({ id }, { clients, place }) {
        const found = await unlessNotFound(() => clients.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: id })));
        if (found === undefined) return undefined;
        const tags = await listTags(found.EndpointConfigArn, clients.sagemaker);
        const values = reported({
            name: found.EndpointConfigName,
            kmsKeyArn: found.KmsKeyId,
            productionVariants: (found.ProductionVariants ?? []).map(fromVariant),
        });
        return { id, inputs: { ...values, tags }, outputs: { ...values, ...tagOutputs(tags), arn: found.EndpointConfigArn ?? "", region: place.region } };
    },
    update: (request, { clients, place }) => updateTags(sagemakerArn(place, "endpoint-config", request.id), request, clients.sagemaker),
    async delete({ id }, { clients }) {
        await unlessNotFound(() => clients.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: id })));
    },
};
