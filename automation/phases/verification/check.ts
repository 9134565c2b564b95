/** What a check of the deployed platform is, and what it may use. */
import type { PlatformOutputs } from "../../../components/outputs.ts";
import type { ApprovedModel, FeatureSchema, GoldenPrediction, Variant } from "../../../lambdas/shared/documents.ts";
import type { ApiClient } from "../../apiClient.ts";
import type { PhaseContext } from "../phase.ts";
import type { Traffic } from "./traffic.ts";

/** What is asked on every stack, production too: reads alone. `full` also sends, and takes away what it sent. */
export type VerificationLevel = "smoke" | "full";

export interface Check {
    /** A few words; they stand before what was measured. */
    readonly name: string;
    readonly level: VerificationLevel;
    /** What must be there before the check means anything; it is left out otherwise. @default nothing */
    readonly needs?: "a served model" | "two served models";
    /** Whether it calls routes that want authorization. @default false */
    readonly authorized?: true;
    /** Takes away what the same check of a verification that was killed has left. Called before any check runs. @default nothing can be left */
    removeEarlier?(world: VerificationWorld): Promise<void>;
    /** What was measured, in words. @throws CloudRefusal with what is wrong. */
    run(world: VerificationWorld): Promise<string>;
}

/** A model as it is served, with what belongs to it. */
export interface ServedVariant {
    readonly variant: Variant;
    readonly model: ApprovedModel;
    readonly schema: FeatureSchema;
    readonly golden: readonly GoldenPrediction[];
}

export interface VerificationWorld {
    readonly context: PhaseContext;
    readonly outputs: PlatformOutputs;
    readonly api: ApiClient;
    /** Champion first; variants without an endpoint are absent. */
    readonly served: readonly ServedVariant[];
    readonly traffic: Pick<Traffic, "set" | "settle" | "restore">;
    /** What every key, request and record of this run begins with: `verify-<12 hexadecimal characters>`. */
    readonly mark: string;
}
