/** Endpoints, configurations and models of SageMaker, and its jobs that still run. Ended jobs are history: they cost nothing, and transform jobs cannot be deleted. */
import {
    ListTagsCommand, paginateListEndpointConfigs, paginateListEndpoints, paginateListModels, paginateListTrainingJobs, paginateListTransformJobs,
} from "@aws-sdk/client-sagemaker";
import { fromTagList, gather, keepOurs } from "./search.ts";
import type { Finder, Listed, Search } from "./search.ts";
import type { OwnedResource } from "../ownedResource.ts";

type Kind = "endpoints" | "configurations" | "models" | "trainingJobs" | "transformJobs";

/** SageMaker's tags are in the tagging API too, but a model that was made a moment ago may not be. */
export const endpoints = finder("endpoints", "endpoints of SageMaker");
export const endpointConfigurations = finder("configurations", "endpoint configurations of SageMaker");
export const models = finder("models", "models of SageMaker");
export const trainingJobs = finder("trainingJobs", "training jobs of SageMaker");
export const transformJobs = finder("transformJobs", "transform jobs of SageMaker");

function finder(kind: Kind, what: string): Finder {
    return { what, find: async (search) => keepTagged(search, await list[kind](search)) };
}

const list: Readonly<Record<Kind, (search: Search) => Promise<readonly Listed[]>>> = {
    async endpoints({ clients, naming }) {
        const pages = paginateListEndpoints({ client: clients.aws.sagemaker }, { NameContains: `${naming.prefix}-` });
        return (await gather(pages, ({ Endpoints }) => Endpoints)).map(({ EndpointName, EndpointArn }) => listed(EndpointName, EndpointArn));
    },
    async configurations({ clients, naming }) {
        const pages = paginateListEndpointConfigs({ client: clients.aws.sagemaker }, { NameContains: `${naming.prefix}-` });
        return (await gather(pages, ({ EndpointConfigs }) => EndpointConfigs)).map(({ EndpointConfigName, EndpointConfigArn }) => listed(EndpointConfigName, EndpointConfigArn));
    },
    async models({ clients, naming }) {
        const pages = paginateListModels({ client: clients.aws.sagemaker }, { NameContains: `${naming.prefix}-` });
        return (await gather(pages, ({ Models }) => Models)).map(({ ModelName, ModelArn }) => listed(ModelName, ModelArn));
    },
    async trainingJobs({ clients, naming }) {
        const pages = paginateListTrainingJobs({ client: clients.aws.sagemaker }, { NameContains: `${naming.prefix}-`, StatusEquals: "InProgress" });
        return (await gather(pages, ({ TrainingJobSummaries }) => TrainingJobSummaries)).map(({ TrainingJobName, TrainingJobArn }) => listed(TrainingJobName, TrainingJobArn));
    },
    async transformJobs({ clients, naming }) {
        const pages = paginateListTransformJobs({ client: clients.aws.sagemaker }, { NameContains: `${naming.prefix}-`, StatusEquals: "InProgress" });
        return (await gather(pages, ({ TransformJobSummaries }) => TransformJobSummaries)).map(({ TransformJobName, TransformJobArn }) => listed(TransformJobName, TransformJobArn));
    },
};

function listed(name = "", arn = ""): Listed {
    return { name, arn };
}

function keepTagged(search: Search, found: readonly Listed[]): Promise<readonly OwnedResource[]> {
    const { sagemaker } = search.clients.aws;
    return keepOurs(search, found, async ({ arn }) => fromTagList((await sagemaker.send(new ListTagsCommand({ ResourceArn: arn }))).Tags));
}
