/** `aws:sagemaker/endpointConfiguration:EndpointConfiguration`: immutable but for its tags. */
import {
    CreateEndpointConfigCommand, DeleteEndpointConfigCommand, DescribeEndpointConfigCommand, type ProductionVariant,
    type ProductionVariantInstanceType,
} from "@aws-sdk/client-sagemaker";
import type { PropertyMap } from "../../engine/provider.ts";
import { predictNamed, type ResourceDefinition } from "./definition.ts";
import { amount, map, maps, reported, requiredText, text } from "./inputs.ts";
import { appliedFree, appliedReplaces, recordedReplaces, region, registryPage } from "./rules.ts";
import { listTags, sagemakerArn, unlessNotFound, updateTags } from "./sagemakerCalls.ts";
import { observeTagged, tagList } from "./tags.ts";

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
    predict: ({ inputs }, place) => predictNamed(inputs, place, (name) => sagemakerArn(place, "endpoint-config", name)),
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
        return observeTagged({ id, values, tags, computed: { arn: found.EndpointConfigArn, region: place.region } });
    },
    update: (request, { clients, place }) => updateTags(sagemakerArn(place, "endpoint-config", request.id), request, clients.sagemaker),
    async delete({ id }, { clients }) {
        await unlessNotFound(() => clients.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: id })));
    },
};
