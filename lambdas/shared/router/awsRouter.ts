/** The router's dependencies on AWS: parameters, schemas, the A/B test's item, the endpoints. Made once per container. */
import { S3Client } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { FeatureSchema, Variant } from "../documents.ts";
import { isEmulated, readEnvironment } from "../environment.ts";
import { createLastGoodCache, type LastGoodCache } from "../lastGoodCache.ts";
import { describeError, log } from "../log.ts";
import { SERVING_CACHE_SECONDS } from "../routerCaches.ts";
import { nameServingParameter, readServingModel } from "../servingModel.ts";
import { readJson } from "../store.ts";
import { createAwsAbTestReader } from "./awsAbTest.ts";
import type { RouterDependencies } from "./routes.ts";
import { prepareServedModel, type ServedModel } from "./served.ts";

/** A read that takes longer fails, and the last good copy is used. */
const READ_TIMEOUT_MILLISECONDS = 2_000;
/** Of the first read, for which there is no copy: connections are new, and a failure is the caller's. */
const FIRST_READ_TIMEOUT_MILLISECONDS = 6_000;

export interface AwsRouter extends RouterDependencies {
    /** Throws the SDK's errors. */
    invokeEndpoint(variant: Variant, csv: string, timeoutMilliseconds: number): Promise<string>;
}

/** Reads the environment. Throws when a variable is missing, or the default weights do not sum. */
export function createAwsRouter(): AwsRouter {
    const { PARAMETER_PATH, AB_TESTS_TABLE, DEFAULT_WEIGHTS, ENDPOINT_NAMES } = readEnvironment(
        "PARAMETER_PATH",
        "AB_TESTS_TABLE",
        "DEFAULT_WEIGHTS",
        "ENDPOINT_NAMES",
    );
    const endpointNames = JSON.parse(ENDPOINT_NAMES) as Readonly<Record<Variant, string>>;
    const models = { champion: cacheServedModel("champion", PARAMETER_PATH), challenger: cacheServedModel("challenger", PARAMETER_PATH) };
    const runtime = new SageMakerRuntimeClient({ maxAttempts: 2 });
    return {
        readAbTest: createAwsAbTestReader(AB_TESTS_TABLE, DEFAULT_WEIGHTS),
        readServed: (variant) => models[variant](),
        expireServed: (variant) => models[variant].expire(),
        onUnreadable: (variant, error) => log("error", "a variant's model is unreadable, the other one answers", {
            variant, error: describeError(error),
        }),
        now: Date.now,
        invokeEndpoint: async (variant, csv, timeoutMilliseconds) => {
            const command = new InvokeEndpointCommand({
                EndpointName: endpointNames[variant], ContentType: "text/csv", Accept: "text/csv", Body: csv,
            });
            const { Body } = await runtime.send(command, { abortSignal: AbortSignal.timeout(timeoutMilliseconds) });
            return new TextDecoder().decode(Body);
        },
    };
}

function cacheServedModel(variant: Variant, parameterPath: string): LastGoodCache<ServedModel> {
    const ssm = new SSMClient({ maxAttempts: 2 });
    const s3 = new S3Client({ maxAttempts: 2, forcePathStyle: isEmulated() });
    let patienceMilliseconds = FIRST_READ_TIMEOUT_MILLISECONDS;
    return createLastGoodCache(async () => {
        const signal = AbortSignal.timeout(patienceMilliseconds);
        const model = await readServingModel(ssm, nameServingParameter(parameterPath, variant), signal);
        if (model === undefined) return undefined;
        const served = prepareServedModel(variant, model, await readJson<FeatureSchema>(s3, model.schemaUrl, signal));
        patienceMilliseconds = READ_TIMEOUT_MILLISECONDS;
        return served;
    }, {
        freshMilliseconds: SERVING_CACHE_SECONDS * 1000,
        onStale: (error) => log("error", "serving model unreadable, the last good one is used", { variant, error: describeError(error) }),
    });
}
