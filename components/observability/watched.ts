/** What observability looks at: names alone, so that alarms are there before, after and without what they watch. */
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { Variant } from "../../lambdas/shared/documents.ts";
import type { PlatformContext } from "../context.ts";
import { stateMachineArn } from "../iam/arns.ts";
import { nameEndpoints } from "../inference/serving.ts";

export interface Watched {
    /** Names that the endpoints have or will have. The production variant of each is called as the variant is. */
    readonly endpointNames: Readonly<Record<Variant, string>>;
    /** Name by part: `validate-data` -> `firstlight-dev-validate-data`. */
    readonly functionNames: Readonly<Record<string, string>>;
    /** The function that reads the stream. */
    readonly consumerName: string;
    readonly streamName: string;
    readonly deadLetterQueueName: string;
    readonly stateMachineArn: string;
    /** Namespace of the metrics that our functions write. */
    readonly metricsNamespace: string;
    readonly functionLogGroups: readonly string[];
    readonly consumerLogGroup: string;
    readonly stateMachineLogGroup: string;
    readonly endpointLogGroups: readonly string[];
}

/** All names follow from the naming and the functions' parts; one of these is `stream-consumer`. */
export function nameWatched({ naming, location }: PlatformContext, functionParts: readonly string[]): Watched {
    return {
        endpointNames: nameEndpoints(naming),
        functionNames: Object.fromEntries(functionParts.map((part) => [part, naming.name("function", part)])),
        consumerName: naming.name("function", CONSUMER),
        streamName: naming.name("stream", "records"),
        deadLetterQueueName: naming.name("queue", "dead-letters"),
        stateMachineArn: stateMachineArn(location, naming.name("stateMachine", "training")),
        metricsNamespace: naming.prefix,
        functionLogGroups: functionParts.map((part) => naming.logGroup("/aws/lambda", part)),
        consumerLogGroup: naming.logGroup("/aws/lambda", CONSUMER),
        stateMachineLogGroup: naming.logGroup("/aws/vendedlogs/states", "training"),
        endpointLogGroups: VARIANTS.map((variant) => naming.logGroup("/aws/sagemaker/Endpoints", variant)),
    };
}

const CONSUMER = "stream-consumer";
