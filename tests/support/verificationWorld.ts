/** What checks run in, without any cloud: an API that is a function, clients that answer from a table, two served models. */
import type { ApiClient, ApiRequest, ApiResponse } from "../../automation/apiClient.ts";
import type { ServedVariant, VerificationWorld } from "../../automation/phases/verification/check.ts";
import { Traffic } from "../../automation/phases/verification/traffic.ts";
import type { PhaseContext } from "../../automation/phases/phase.ts";
import type { PlatformOutputs } from "../../components/outputs.ts";
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { FeatureSchema, Variant } from "../../lambdas/shared/documents.ts";
import { createPhaseWorld, OUTPUTS } from "./phaseWorld.ts";
import type { Answers, PhaseWorld } from "./phaseWorld.ts";

export const SCHEMA: FeatureSchema = { version: 1, task: "binary", label: "churned", classes: ["no", "yes"], features: [], columnCount: 1, threshold: 0.5 };

export const MARK = "verify-0123456789ab";

export interface ApiCall extends ApiRequest { readonly isAuthorized: boolean }

export interface FakeAnswer { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }

export interface VerificationScene {
    /** @default everything answers 404 */
    readonly api?: (call: ApiCall) => FakeAnswer;
    readonly answers?: Answers;
    /** @default both */
    readonly served?: readonly ServedVariant[];
    readonly context?: Partial<PhaseContext>;
}

export interface TestedWorld { readonly world: VerificationWorld; readonly phase: PhaseWorld; readonly calls: readonly ApiCall[] }

/** A served model with two golden predictions, scored 0.25 and 0.75. */
export function servedVariant(variant: Variant): ServedVariant {
    const folder = `s3://models/${variant}`;
    return {
        variant, schema: SCHEMA,
        model: {
            modelId: "binary:churned", version: `v-${variant}`, modelDataUrl: `${folder}/output/model.tar.gz`, schemaUrl: `${folder}/schema.json`,
            goldenUrl: `${folder}/golden.json`, trainingJobName: "job", trainingImage: "sagemaker-xgboost:3.0-5",
        },
        golden: [{ features: { age: 30 }, scores: [0.25] }, { features: { age: 60 }, scores: [0.75] }],
    };
}

export function createVerificationWorld({ api: answer = () => ({ status: 404 }), answers = {}, served = VARIANTS.map(servedVariant), context: overrides = {} }: VerificationScene): TestedWorld {
    const phase = createPhaseWorld(answers, overrides);
    const calls: ApiCall[] = [];
    const call = (isAuthorized: boolean) => async (request: ApiRequest): Promise<ApiResponse> => {
        calls.push({ ...request, isAuthorized });
        const { status, body = "", headers = {} } = answer({ ...request, isAuthorized });
        return { status, body, headers: new Headers(headers) };
    };
    const api: ApiClient = { callAuthorized: call(true), callUnsigned: call(false) };
    const outputs = OUTPUTS as unknown as PlatformOutputs;
    return { world: { context: phase.context, outputs, api, served, traffic: new Traffic(phase.context, outputs, api), mark: MARK }, phase, calls };
}
