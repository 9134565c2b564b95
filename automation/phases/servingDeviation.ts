/** Whether an endpoint serves what it should: the model that the pipeline says is served, with the memory and concurrency of the configuration. */
import type { PlatformOutputs } from "../../components/outputs.ts";
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { ApprovedModel, ServingSettings, Variant } from "../../lambdas/shared/documents.ts";
import type { AwsClients } from "../aws.ts";
import { readServedModel, readServingSettings } from "../outputs.ts";
import { readActualServing } from "./servedEndpoint.ts";
import type { ActualServing } from "./servedEndpoint.ts";

export interface WantedServing {
    readonly model: ApprovedModel;
    readonly settings: ServingSettings;
}

export interface ServingState {
    readonly variant: Variant;
    readonly endpointName: string;
    readonly wanted: WantedServing;
    readonly actual: ActualServing;
}

/** Every variant that has an endpoint, champion first. */
export async function readServingStates(aws: AwsClients, { endpointNames, parameterPath }: PlatformOutputs): Promise<readonly ServingState[]> {
    const states: ServingState[] = [];
    for (const variant of VARIANTS) {
        const model = await readServedModel(aws, parameterPath, variant);
        if (model === undefined) continue;
        const endpointName = endpointNames[variant];
        const [settings, actual] = await Promise.all([readServingSettings(aws, parameterPath), readActualServing(aws, endpointName)]);
        states.push({ variant, endpointName, wanted: { model, settings }, actual });
    }
    return states;
}

/**
 * What is not as it should be, in words; empty when all is. SageMaker does not report an update that failed: the endpoint is `InService`
 * again, with its former configuration (https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html).
 */
export function describeDeviations({ wanted, actual }: ServingState): readonly string[] {
    const { model, settings } = wanted;
    const why = actual.failureReason === undefined ? "" : ` (SageMaker says: ${actual.failureReason})`;
    return [
        ...(actual.status === "InService" ? [] : [`it is ${actual.status}${why}`]),
        ...(actual.modelDataUrl === model.modelDataUrl ? [] : [
            `it serves ${actual.modelDataUrl} by its configuration ${actual.configurationName}, not ${model.modelDataUrl} of version ${model.version}: `
            + `either SageMaker returned to that configuration because an update failed, or a deployment was broken off${why}`,
        ]),
        ...(actual.settings.memoryMiB === settings.memoryMiB && actual.settings.maxConcurrency === settings.maxConcurrency ? [] : [
            `it runs with ${describeSettings(actual.settings)}, configured are ${describeSettings(settings)}`,
        ]),
    ];
}

export function describeSettings({ memoryMiB, maxConcurrency }: ServingSettings): string {
    return `${memoryMiB} MiB and concurrency ${maxConcurrency}`;
}
