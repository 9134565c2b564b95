/** Decides which endpoints are declared: pure, from what the parameters hold. */
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { ApprovedModel, Variant } from "../../lambdas/shared/documents.ts";
import type { InferenceConfig } from "../config/inference.ts";

/** What a parameter holds before anybody wrote to it. */
export const NOTHING = "none";

export interface EndpointDecisionSource {
    readonly endpoints: InferenceConfig["endpoints"];
    readonly parameterPath: string;
    /** Values by full name. Empty before the first deployment. */
    readonly parameters: ReadonlyMap<string, string>;
}

/** The model of each variant that is to be served; the others have no endpoint. */
export type ModelsToServe = Readonly<Partial<Record<Variant, ApprovedModel>>>;

/**
 * The models to serve. None when endpoints are off or never were switched on; a variant without an approved model is absent.
 *
 * @throws Error when a parameter holds something else than a model.
 */
export function findModelsToServe({ endpoints, parameterPath, parameters }: EndpointDecisionSource): ModelsToServe {
    const isOn = endpoints === "on" || (endpoints === "auto" && parameters.get(`${parameterPath}/switch`) === "on");
    const approved = isOn ? VARIANTS.map((variant) => [variant, `${parameterPath}/approved-${variant}`] as const) : [];
    return Object.fromEntries(approved.flatMap(([variant, name]) => {
        const text = parameters.get(name) ?? NOTHING;
        return text === NOTHING ? [] : [[variant, parseApprovedModel(text, name)]];
    }));
}

const FIELDS = ["modelId", "version", "modelDataUrl", "schemaUrl", "goldenUrl", "trainingJobName", "trainingImage"] as const;

function parseApprovedModel(text: string, parameterName: string): ApprovedModel {
    const model = parseObject(text);
    const missing = FIELDS.filter((field) => typeof model[field] !== "string" || model[field] === "");
    if (missing.length === 0) return model as unknown as ApprovedModel;
    throw new Error(
        `the parameter ${parameterName} must hold an approved model, but ${missing.join(", ")} is missing; `
        + "fix: train again, or put back its former value",
    );
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
    try {
        const value: unknown = JSON.parse(text);
        return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
    } catch {
        return {};
    }
}
