/** What the types of API Gateway have in common: names in two spellings, ARNs, addresses, tags. */
import { GetTagsCommand, TagResourceCommand, UntagResourceCommand, type ApiGatewayV2Client } from "@aws-sdk/client-apigatewayv2";
import type { PropertyMap, UpdateRequest } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import { fromSdkShape, inAskedOrder, toSdkShape } from "./documents.ts";
import { isMap } from "./inputs.ts";
import type { Place } from "./place.ts";
import { applyTagChange, tagChange, withoutSystemTags } from "./tags.ts";

/** How the API says that there is no such thing. */
export const GONE = ["NotFoundException"];

/** Inputs named `names`, in the SDK's spelling. */
export function sdkInput<Shape>(inputs: PropertyMap, names: readonly string[]): Shape {
    return toSdkShape<Shape>(Object.fromEntries(names.filter((name) => name in inputs).map((name) => [name, inputs[name] ?? null])));
}

/** What the API reports under `names`, in the program's spelling, lists in the order that was asked. */
export function observed(answer: object, names: readonly string[], asked: PropertyMap): PropertyMap {
    const values = fromSdkShape(answer);
    return Object.fromEntries(names.filter((name) => name in values).map((name) => [name, orderAsAsked(asked[name], values[name] ?? null)]));
}

function orderAsAsked(asked: PropertyMap[string] | undefined, actual: PropertyMap[string]): PropertyMap[string] {
    if (isMap(asked) && isMap(actual)) {
        return Object.fromEntries(Object.entries(actual).map(([key, value]) => [key, orderAsAsked(asked[key], value)]));
    }
    const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === "string");
    return isTexts(asked) && isTexts(actual) ? (inAskedOrder(asked, actual) ?? actual) : actual;
}

/** API Gateway's resources are tagged by an ARN without an account. */
export function controlArn(place: Place, path: string): string {
    return `arn:${place.partition}:apigateway:${place.region}::${path}`;
}

/** Asked apart: the rehearsal cloud shows changed tags here only. */
export async function currentTags(arn: string, client: ApiGatewayV2Client): Promise<Record<string, string>> {
    return withoutSystemTags((await client.send(new GetTagsCommand({ ResourceArn: arn }))).Tags);
}

export async function updateTags(arn: string, { oldInputs, inputs }: UpdateRequest, client: ApiGatewayV2Client): Promise<void> {
    await applyTagChange(
        tagChange(oldInputs, inputs),
        (Tags) => client.send(new TagResourceCommand({ ResourceArn: arn, Tags })),
        (TagKeys) => client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys })),
    );
}

/** The name that AWS would give; the rehearsal's own address is the driver's business. */
export function apiEndpoint(place: Place, id: string): string {
    return `https://${id}.execute-api.${place.region}.${place.dnsSuffix}`;
}

/** What permissions and usage records call an API by. */
export function executionArn(place: Place, apiId: string): string {
    return regionalArn(place, "execute-api", apiId);
}
