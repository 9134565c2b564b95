/** The stack's outputs as the phases need them, and the parameters below `parameterPath`. */
import { GetParameterCommand, paginateGetParametersByPath, PutParameterCommand } from "@aws-sdk/client-ssm";
import { parseServingModel } from "../lambdas/shared/servingModel.ts";
import type { ApprovedModel, ServingSettings, Variant } from "../lambdas/shared/documents.ts";
import type { PlatformOutputs } from "../components/outputs.ts";
import type { AwsClients } from "./aws.ts";
import type { Engine, StackOutputs } from "./engine/engine.ts";
import { OperatorError } from "./errors.ts";

/** All outputs that exist once `up` has run. */
const ALWAYS = [
    "phase", "region", "accountId", "rawBucketName", "dataPrefix", "processedBucketName", "modelsBucketName", "logsBucketName",
    "modelMetadataTableName", "trainingMetricsTableName", "abTestsTableName", "pipelineLeasesTableName", "streamCheckpointsTableName",
    "streamName", "deadLetterQueueUrl", "predictionsUrl", "stateMachineArn", "alertTopicArn", "dashboardName", "apiUrl", "parameterPath",
    "endpointNames", "modelVersions",
] as const satisfies readonly (keyof PlatformOutputs)[];

/** Of the stack as its state is. @throws OperatorError as `expectOutputs` */
export async function readOutputs(engine: Engine): Promise<PlatformOutputs> {
    return expectOutputs(await engine.outputs());
}

/** @throws OperatorError when the stack was not deployed, or by another version of the program. */
export function expectOutputs(outputs: StackOutputs): PlatformOutputs {
    const missing = ALWAYS.filter((name) => outputs[name] === undefined);
    if (missing.length === ALWAYS.length) throw new OperatorError("the stack is not deployed: it has no outputs", "run the phase `up` first: --from up");
    if (missing.length > 0) throw new OperatorError(`the stack lacks the outputs ${missing.join(", ")}`, "run the phase `up` again with this version of the program");
    return outputs as unknown as PlatformOutputs;
}

/** Undefined when the parameter does not exist. */
export async function readParameter({ ssm }: AwsClients, name: string): Promise<string | undefined> {
    try {
        return (await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }))).Parameter?.Value;
    } catch (error) {
        if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
        throw error;
    }
}

/** All parameters of a path, by full name. A page may hold few, or none, and yet not be the last. */
export async function readParameters({ ssm }: AwsClients, Path: string): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for await (const { Parameters = [] } of paginateGetParametersByPath({ client: ssm }, { Path, WithDecryption: true })) {
        for (const { Name = "", Value = "" } of Parameters) found[Name] = Value;
    }
    return found;
}

/** The model of the variant that the pipeline approved last, or undefined when there is none yet. */
export async function readApprovedModel(aws: AwsClients, parameterPath: string, variant: Variant): Promise<ApprovedModel | undefined> {
    return parseServingModel(await readParameter(aws, `${parameterPath}/approved-${variant}`));
}

/** The model that the variant's endpoint serves, or undefined while there is no endpoint. */
export async function readServedModel(aws: AwsClients, parameterPath: string, variant: Variant): Promise<ApprovedModel | undefined> {
    return parseServingModel(await readParameter(aws, `${parameterPath}/serving-${variant}`));
}

/**
 * What a deployment gives to an endpoint.
 *
 * @throws OperatorError when the parameter is absent: the stack was deployed by another version of the program.
 */
export async function readServingSettings(aws: AwsClients, parameterPath: string): Promise<ServingSettings> {
    const text = await readParameter(aws, `${parameterPath}/settings`);
    if (text === undefined) throw new OperatorError(`the parameter ${parameterPath}/settings does not exist`, "run the phase `up` again with this version of the program");
    return JSON.parse(text) as ServingSettings;
}

/** Only overwrites: the program declares the parameters, so that `destroy` removes them. */
export async function writeParameter({ ssm }: AwsClients, name: string, value: string): Promise<void> {
    await ssm.send(new PutParameterCommand({ Name: name, Value: value, Overwrite: true }));
}
