/** Deletes what SageMaker serves and runs. Jobs that have ended stay: they cost nothing, and say what was trained. */
import {
    DeleteEndpointCommand, DeleteEndpointConfigCommand, DeleteModelCommand, DescribeEndpointCommand, DescribeTrainingJobCommand, DescribeTransformJobCommand,
    StopTrainingJobCommand, StopTransformJobCommand,
} from "@aws-sdk/client-sagemaker";
import { unlessGone } from "../owned/search.ts";
import { MINUTE_MS, nameOf } from "./remover.ts";
import type { Remover } from "./remover.ts";

const RUNNING = /^(InProgress|Stopping)$/;

/** One that is being made or updated cannot be deleted yet: SageMaker says so, and the caller tries again. */
export const endpoint: Remover = {
    kind: "sagemaker:endpoint",
    async remove(resource, { clients }) {
        await clients.aws.sagemaker.send(new DeleteEndpointCommand({ EndpointName: nameOf(resource) }));
    },
    async isGone(resource, { clients }) {
        return await unlessGone(() => clients.aws.sagemaker.send(new DescribeEndpointCommand({ EndpointName: nameOf(resource) }))) === undefined;
    },
    // As the SDK's own waiter for deletions. Source: botocore waiters, EndpointDeleted.
    limitMs: 30 * MINUTE_MS,
};

export const endpointConfiguration: Remover = {
    kind: "sagemaker:endpoint-config",
    async remove(resource, { clients }) {
        await clients.aws.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: nameOf(resource) }));
    },
};

export const model: Remover = {
    kind: "sagemaker:model",
    async remove(resource, { clients }) {
        await clients.aws.sagemaker.send(new DeleteModelCommand({ ModelName: nameOf(resource) }));
    },
};

/** Stopped, not deleted: a job is listed as owned while it runs. */
export const trainingJob: Remover = {
    kind: "sagemaker:training-job",
    verb: "stopped",
    async remove({ label }, { clients }) {
        await clients.aws.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: label }));
    },
    async isGone({ label }, { clients }) {
        const job = await unlessGone(() => clients.aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: label })));
        return !RUNNING.test(job?.TrainingJobStatus ?? "");
    },
};

export const transformJob: Remover = {
    kind: "sagemaker:transform-job",
    verb: "stopped",
    async remove({ label }, { clients }) {
        await clients.aws.sagemaker.send(new StopTransformJobCommand({ TransformJobName: label }));
    },
    async isGone({ label }, { clients }) {
        const job = await unlessGone(() => clients.aws.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: label })));
        return !RUNNING.test(job?.TransformJobStatus ?? "");
    },
};
