/**
 * Endpoints, configurations and models of SageMaker, and its jobs that still run. Ended jobs are history: they cost nothing, and transform jobs
 * cannot be deleted.
 */
import {
    ListTagsCommand, paginateListEndpointConfigs, paginateListEndpoints, paginateListModels, paginateListTrainingJobs, paginateListTransformJobs,
} from "@aws-sdk/client-sagemaker";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
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
    return {
        what,
        async find(search) {
            const { clients: { aws: { sagemaker } }, naming } = search;
            return keepTagged(search, await list[kind](sagemaker, { NameContains: `${naming.prefix}-` }));
        },
    };
}

const list: Readonly<Record<Kind, (client: SageMakerClient, filter: { NameContains: string }) => Promise<readonly Listed[]>>> = {
    endpoints: async (client, filter) => (await gather(paginateListEndpoints({ client }, filter), ({ Endpoints }) => Endpoints))
        .map(({ EndpointName: name = "", EndpointArn: arn = "" }) => ({ name, arn })),
    configurations: async (client, filter) => (await gather(paginateListEndpointConfigs({ client }, filter), ({ EndpointConfigs }) => EndpointConfigs))
        .map(({ EndpointConfigName: name = "", EndpointConfigArn: arn = "" }) => ({ name, arn })),
    models: async (client, filter) => (await gather(paginateListModels({ client }, filter), ({ Models }) => Models))
        .map(({ ModelName: name = "", ModelArn: arn = "" }) => ({ name, arn })),
    async trainingJobs(client, filter) {
        const pages = paginateListTrainingJobs({ client }, { ...filter, StatusEquals: "InProgress" });
        const jobs = await gather(pages, ({ TrainingJobSummaries }) => TrainingJobSummaries);
        return jobs.map(({ TrainingJobName: name = "", TrainingJobArn: arn = "" }) => ({ name, arn }));
    },
    async transformJobs(client, filter) {
        const pages = paginateListTransformJobs({ client }, { ...filter, StatusEquals: "InProgress" });
        const jobs = await gather(pages, ({ TransformJobSummaries }) => TransformJobSummaries);
        return jobs.map(({ TransformJobName: name = "", TransformJobArn: arn = "" }) => ({ name, arn }));
    },
};

function keepTagged(search: Search, found: readonly Listed[]): Promise<readonly OwnedResource[]> {
    const { sagemaker } = search.clients.aws;
    return keepOurs(search, found, async ({ arn }) => fromTagList((await sagemaker.send(new ListTagsCommand({ ResourceArn: arn }))).Tags));
}
