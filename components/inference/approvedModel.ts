/** Decides whether the endpoint is declared: pure, from what the parameters hold. */
import type { ApprovedModel } from "../../lambdas/shared/documents.ts";
import type { InferenceConfig } from "../config/inference.ts";

/** What a parameter holds before anybody wrote to it. */
export const NOTHING = "none";

export interface EndpointDecisionSource {
    readonly endpoints: InferenceConfig["endpoints"];
    readonly parameterPath: string;
    /** Values by full name. Empty before the first deployment. */
    readonly parameters: ReadonlyMap<string, string>;
}

/**
 * The model to serve, or undefined when no endpoint is to exist: endpoints are off, never were switched on, or there is no model.
 *
 * @throws Error when the parameter holds something else than a model.
 */
export function findModelToServe({ endpoints, parameterPath, parameters }: EndpointDecisionSource): ApprovedModel | undefined {
    const isOn = endpoints === "on" || (endpoints === "auto" && parameters.get(`${parameterPath}/switch`) === "on");
    const approved = parameters.get(`${parameterPath}/approved`) ?? NOTHING;
    return isOn && approved !== NOTHING ? parseApprovedModel(approved, `${parameterPath}/approved`) : undefined;
}

const FIELDS = ["modelId", "version", "modelDataUrl", "schemaUrl", "goldenUrl", "trainingJobName", "trainingImage"] as const;

function parseApprovedModel(text: string, parameterName: string): ApprovedModel {
    const model = parseObject(text);
    const missing = FIELDS.filter((field) => typeof model[field] !== "string" || model[field] === "");
    if (missing.length === 0) return model as unknown as ApprovedModel;
    throw new Error(`the parameter ${parameterName} must hold an approved model, but ${missing.join(", ")} is missing; fix: train again, or put back its former value`);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
    try {
        const value: unknown = JSON.parse(text);
        return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
    } catch {
        return {};
    }
}
