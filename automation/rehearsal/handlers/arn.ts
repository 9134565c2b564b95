/** ARNs and what follows from them. */
import { UNKNOWN, type PropertyValue } from "../../engine/provider.ts";
import type { Place } from "./place.ts";

/** `arn:<partition>:<service>:<region>:<account>:<resource>`. */
export function regionalArn(place: Place, service: string, resource: string): string {
    return `arn:${place.partition}:${service}:${place.region}:${place.accountId}:${resource}`;
}

/** ARN without a region, as IAM has them. */
export function globalArn(place: Place, service: string, resource: string): string {
    return `arn:${place.partition}:${service}::${place.accountId}:${resource}`;
}

/** ARN of a bucket: neither region nor account. */
export function bucketArn(place: Place, bucket: string): string {
    return `arn:${place.partition}:s3:::${bucket}`;
}

/** What API Gateway calls to invoke a function. */
export function lambdaInvokeArn(place: Place, functionArn: string, call: "invocations" | "response-streaming-invocations"): string {
    const version = call === "invocations" ? "2015-03-31" : "2021-11-15";
    return `arn:${place.partition}:apigateway:${place.region}:lambda:path/${version}/functions/${functionArn}/${call}`;
}

/** Applies `build` when the value is a known text; otherwise the result is unknown too. */
export function whenKnown(value: PropertyValue | undefined, build: (text: string) => string): string | typeof UNKNOWN {
    return typeof value === "string" ? build(value) : UNKNOWN;
}
