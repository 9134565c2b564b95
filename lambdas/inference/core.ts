/**
 * `POST /inference`: values in, predictions out.
 *
 *     request   { "features": { "tenure_months": 3, "contract": "one year", "satisfaction": null, ... } }
 *               { "features": [3, "one year", null, ...] }                 values in the schema's order
 *               { "instances": [ row, row, ... ] }                         several rows, either form
 *     headers   x-assignment-key: who keeps getting the same variant; without it each request is assigned by its own id
 *               x-variant: champion or challenger; for testers, who then get this one and no other
 *     200       { "variant", "modelVersion", "assignedVariant", "fallback", "task", "requestId", "predictions": [ prediction per row ] }
 *               binary      { "label": "yes", "score": 0.83, "probabilities": { "no": 0.17, "yes": 0.83 } }
 *               multiclass  { "label": "b", "score": 0.61, "probabilities": { "a": 0.3, "b": 0.61, "c": 0.09 } }
 *               regression  { "value": 12.5 }
 *     problem   400 wrong body, 413 over 4 MB, 429 throttled (Retry-After), 502 the model failed, 503 nothing is served, 504 too slow
 */
import { VARIANTS } from "../shared/documents.ts";
import type { TaskType, Variant } from "../shared/documents.ts";
import { askInOrder, type AskOptions } from "../shared/router/ask.ts";
import { chooseForcedRoute, chooseRoute, readRoutingState } from "../shared/router/routes.ts";
import type { Route, RouterDependencies, RoutingState } from "../shared/router/routes.ts";
import { buildPredictions } from "../shared/router/served.ts";
import type { Prediction } from "../shared/tasks.ts";
import { decodeBody, encodeRows, invalidRequest } from "./request.ts";

export interface InferenceRequest {
    readonly body: string;
    readonly requestId: string;
    /** @default the request's id */
    readonly assignmentKey?: string | undefined;
    /** As it came: it may be no variant. */
    readonly forcedVariant?: string | undefined;
}

export interface InferenceDependencies extends RouterDependencies, AskOptions {
    /** Sends `text/csv` to a variant's endpoint and gives the answer's text. Throws the SDK's errors. */
    invokeEndpoint(variant: Variant, csv: string, timeoutMilliseconds: number): Promise<string>;
}

export interface InferenceAnswer {
    /** Who answered. */
    readonly variant: Variant;
    readonly modelVersion: string;
    /** Who the key belongs to, or who was forced. */
    readonly assignedVariant: Variant;
    /** Whether another one answered than the assigned one: that one is not served, is being deployed to, or failed. */
    readonly fallback: boolean;
    readonly task: TaskType;
    readonly requestId: string;
    readonly predictions: readonly Prediction[];
}

/** Answers one request. @throws ProblemError for all that the caller or the operator can mend. */
export async function infer(request: InferenceRequest, dependencies: InferenceDependencies): Promise<InferenceAnswer> {
    const rows = decodeBody(request.body);
    const route = routeRequest(request, await readRoutingState(dependencies));
    // A fallback's schema may be another one: each try encodes anew.
    const { answer: predictions, model } = await askInOrder(route, async (candidate, timeoutMilliseconds) => {
        const csv = encodeRows(rows, candidate.readRow);
        const text = await dependencies.invokeEndpoint(candidate.variant, csv, timeoutMilliseconds);
        return buildPredictions(text, rows.length, candidate);
    }, dependencies);
    return {
        variant: model.variant,
        modelVersion: model.model.version,
        assignedVariant: route.assigned,
        fallback: model.variant !== route.assigned,
        task: model.schema.task,
        requestId: request.requestId,
        predictions,
    };
}

function routeRequest({ requestId, assignmentKey, forcedVariant }: InferenceRequest, state: RoutingState): Route {
    if (forcedVariant === undefined) return chooseRoute(assignmentKey ?? requestId, state);
    const variant = VARIANTS.find((each) => each === forcedVariant);
    if (variant === undefined) {
        throw invalidRequest(`the header x-variant must be ${VARIANTS.join(" or ")}, got ${JSON.stringify(forcedVariant)}`);
    }
    return chooseForcedRoute(variant, state);
}
