/** The endpoints as SageMaker has them: neither engine asks again for what stands in its state. */
import { DeleteEndpointCommand, DescribeEndpointCommand, DescribeEndpointConfigCommand, DescribeModelCommand } from "@aws-sdk/client-sagemaker";
import type { ServingSettings } from "../../lambdas/shared/documents.ts";
import type { AwsClients } from "../aws.ts";
import { CloudRefusal } from "../errors.ts";
import { findEndpoint } from "../preflight/account/endpoints.ts";
import { waitFor } from "../waiting.ts";
import { paceOf } from "./pace.ts";
import type { PhaseContext } from "./phase.ts";

export interface EndpointOwner {
    readonly endpointName: string;
    /** Value of the tag `Environment` of what is ours. */
    readonly environment: string;
}

/** As the SDK's own waiter for deletions. Source: botocore waiters, EndpointDeleted. */
const DELETION_LIMIT_MS = 30 * 60_000;
/** An update takes minutes; half an hour is what SageMaker itself gives a container to become healthy, with room. */
const UPDATE_LIMIT_MS = 40 * 60_000;
/** Somebody is at work on the endpoint, and it can be neither updated nor deleted. */
const BUSY: readonly string[] = ["Creating", "Updating", "SystemUpdating", "RollingBack"];

/**
 * An up that failed at the endpoint leaves one in `Failed`, with which nothing can be done but delete it (F02). The guard in the program ran
 * before that create and does not run again, so the phase deletes it: only if it is ours by its tags.
 */
export async function removeFailedEndpoint(context: PhaseContext, { endpointName, environment }: EndpointOwner): Promise<void> {
    const { aws, config, reporter } = context;
    const found = await findEndpoint(aws.sagemaker, endpointName);
    if (found?.status !== "Failed" || found.tags["Project"] !== config.project || found.tags["Environment"] !== environment) return;
    reporter.report({ kind: "note", message: `the endpoint ${endpointName} failed in an earlier run: deleting it` });
    await aws.sagemaker.send(new DeleteEndpointCommand({ EndpointName: endpointName }));
    await expectGone(context, endpointName);
}

/**
 * Waits until the name is free: the provider takes an endpoint for deleted as soon as it is `Deleting`.
 *
 * @throws CloudRefusal when it is still there after half an hour.
 */
export async function expectGone({ aws, signal }: PhaseContext, endpointName: string): Promise<void> {
    const isGone = async (): Promise<true | undefined> => (await findEndpoint(aws.sagemaker, endpointName) === undefined ? true : undefined);
    const gone = await waitFor(isGone, { intervalMs: paceOf(aws).intervalMs, limitMs: DELETION_LIMIT_MS, signal });
    if (gone === undefined) throw new CloudRefusal(`the endpoint ${endpointName} is still there half an hour after its deletion`, "delete it in the SageMaker console");
}

/** Status once nobody is at work on the endpoint; undefined when there is none. @throws CloudRefusal when that takes too long. */
export async function awaitSettled({ aws, signal }: PhaseContext, endpointName: string): Promise<string | undefined> {
    const look = async (): Promise<{ status: string | undefined } | undefined> => {
        const status = (await findEndpoint(aws.sagemaker, endpointName))?.status;
        return status !== undefined && BUSY.includes(status) ? undefined : { status };
    };
    const settled = await waitFor(look, { intervalMs: paceOf(aws).intervalMs, limitMs: UPDATE_LIMIT_MS, signal });
    if (settled !== undefined) return settled.status;
    throw new CloudRefusal(`the endpoint ${endpointName} is still being changed after ${UPDATE_LIMIT_MS / 60_000} minutes`, "look at it in the SageMaker console");
}

/** One that is being updated is waited for. @throws CloudRefusal when the endpoint does not serve, although the stack is up. */
export async function expectInService(context: PhaseContext, endpointName: string): Promise<void> {
    const status = await awaitSettled(context, endpointName);
    if (status === "InService") return;
    throw new CloudRefusal(
        `the stack is up, but its endpoint ${endpointName} is ${status ?? "gone"}`,
        `the state names an endpoint that is not there any more: run \`pulumi refresh --stack ${context.stack}\`, then this phase again`,
    );
}

/** When the endpoint came to be as it is, which SageMaker alone knows: the engine, or a run of the pipeline, may have waited for it. */
export async function readLastChange({ sagemaker }: AwsClients, endpointName: string): Promise<{ readonly happenedAt?: string }> {
    const { LastModifiedTime } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpointName }));
    return LastModifiedTime === undefined ? {} : { happenedAt: LastModifiedTime.toISOString() };
}

/** What an endpoint really serves with, read from SageMaker: endpoint -> configuration -> model. */
export interface ActualServing {
    readonly status: string;
    readonly configurationName: string;
    readonly modelDataUrl: string;
    readonly settings: ServingSettings;
    /** Why the last update failed, where SageMaker says so. */
    readonly failureReason?: string;
}

export async function readActualServing({ sagemaker }: AwsClients, endpointName: string): Promise<ActualServing> {
    const endpoint = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpointName }));
    const { ProductionVariants = [] } = await sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: endpoint.EndpointConfigName }));
    const [variant] = ProductionVariants;
    const { PrimaryContainer } = await sagemaker.send(new DescribeModelCommand({ ModelName: variant?.ModelName }));
    return {
        status: endpoint.EndpointStatus ?? "",
        configurationName: endpoint.EndpointConfigName ?? "",
        modelDataUrl: PrimaryContainer?.ModelDataUrl ?? "",
        settings: { memoryMiB: variant?.ServerlessConfig?.MemorySizeInMB ?? 0, maxConcurrency: variant?.ServerlessConfig?.MaxConcurrency ?? 0 },
        ...(endpoint.FailureReason === undefined ? {} : { failureReason: endpoint.FailureReason }),
    };
}
