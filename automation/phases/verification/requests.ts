/** Requests to `POST /inference` as clients send them. */
import type { FeatureValues, Variant } from "../../../lambdas/shared/documents.ts";
import type { InferenceAnswer } from "../../../lambdas/inference/core.ts";
import { CloudRefusal } from "../../errors.ts";
import type { ServedVariant, VerificationWorld } from "./check.ts";
import { expectStatus } from "./expectations.ts";
import { readRequestError } from "./requestLog.ts";

/** A serverless endpoint answers this many at once before it throttles, at the smallest setting that makes sense. */
const AT_ONCE = 2;

export interface InferenceQuestion {
    readonly rows: readonly FeatureValues[];
    /** Who keeps getting the same variant. */
    readonly key?: string;
    /** Forces a variant, as testers do. */
    readonly variant?: Variant;
}

/** @throws CloudRefusal unless the answer is 200; with what the function's log says when it failed inside. */
export async function askInference(world: VerificationWorld, { rows, key, variant }: InferenceQuestion): Promise<InferenceAnswer> {
    const { api, context } = world;
    const headers = { ...(key === undefined ? {} : { "x-assignment-key": key }), ...(variant === undefined ? {} : { "x-variant": variant }) };
    const response = await api.callAuthorized({ method: "POST", path: "/inference", headers, body: { instances: rows }, signal: context.signal });
    const logged = response.status < 500 ? undefined : await readRequestError(world, "inference", response.body);
    if (logged !== undefined) throw new CloudRefusal(`POST /inference must answer 200, got ${response.status}; the function's log says:\n${logged}`);
    return expectStatus(response, 200, "POST /inference") as InferenceAnswer;
}

/** One row that every served model takes. */
export function sampleRow({ served }: VerificationWorld): readonly FeatureValues[] {
    return (served[0] satisfies ServedVariant | undefined)?.golden.slice(0, 1).map(({ features }) => features) ?? [];
}

/** One request per key; the answers in the order of the keys. */
export async function askForKeys(world: VerificationWorld, keys: readonly string[]): Promise<readonly InferenceAnswer[]> {
    const rows = sampleRow(world);
    const answers: InferenceAnswer[] = [];
    for (let first = 0; first < keys.length; first += AT_ONCE) {
        world.context.signal.throwIfAborted();
        answers.push(...await Promise.all(keys.slice(first, first + AT_ONCE).map((key) => askInference(world, { rows, key }))));
    }
    return answers;
}
