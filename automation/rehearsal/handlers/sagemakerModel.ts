/** `aws:sagemaker/model:Model`: immutable but for its tags. */
import { CreateModelCommand, DeleteModelCommand, DescribeModelCommand, type ContainerDefinition, type ContainerMode } from "@aws-sdk/client-sagemaker";
import type { PropertyMap } from "../../engine/provider.ts";
import { predictNamed, type ResourceDefinition } from "./definition.ts";
import { flag, map, reported, requiredText, text, textMap } from "./inputs.ts";
import { appliedFree, appliedFreeReplaces, appliedReplaces, region, registryPage } from "./rules.ts";
import { listTags, sagemakerArn, unlessNotFound, updateTags } from "./sagemakerCalls.ts";
import { observeTagged, tagList } from "./tags.ts";

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
    predict: ({ inputs }, place) => predictNamed(inputs, place, (name) => sagemakerArn(place, "model", name)),
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
    async read({ id }, { clients, place }) {
        const model = await unlessNotFound(() => clients.sagemaker.send(new DescribeModelCommand({ ModelName: id })));
        if (model === undefined) return undefined;
        const tags = await listTags(model.ModelArn, clients.sagemaker);
        const values = reported({
            name: model.ModelName,
            executionRoleArn: model.ExecutionRoleArn,
            enableNetworkIsolation: model.EnableNetworkIsolation ?? false,
            primaryContainer: model.PrimaryContainer === undefined ? undefined : fromContainer(model.PrimaryContainer),
        });
        // `inferenceExecutionConfig` is left out: it tells of models with several containers.
        return observeTagged({ id, values, tags, computed: { arn: model.ModelArn, region: place.region } });
    },
    update: (request, { clients, place }) => updateTags(sagemakerArn(place, "model", request.id), request, clients.sagemaker),
    async delete({ id }, { clients }) {
        await unlessNotFound(() => clients.sagemaker.send(new DeleteModelCommand({ ModelName: id })));
    },
};
