/** Runs the checks of a level in turn, and reports what each measured. */
import type { PlatformOutputs } from "../../../components/outputs.ts";
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { FeatureSchema, GoldenPrediction, Variant } from "../../../lambdas/shared/documents.ts";
import { readJson } from "../../../lambdas/shared/store.ts";
import { createApiClient } from "../../apiClient.ts";
import { readServedModel } from "../../outputs.ts";
import type { PhaseContext } from "../phase.ts";
import type { Check, ServedVariant, VerificationLevel, VerificationWorld } from "./check.ts";
import { createMark } from "./mark.ts";
import { Traffic } from "./traffic.ts";

/** Begins with what a killed verification left, stops at the first check that fails. The traffic's weights are put back in any case. @throws what the check threw */
export async function runChecks(checks: readonly Check[], level: VerificationLevel, world: VerificationWorld): Promise<void> {
    const isChosen = (each: Check): boolean => level === "full" || each.level === "smoke";
    const chosen = checks.filter(isChosen);
    try {
        for (const check of chosen) await check.removeEarlier?.(world);
        for (const check of chosen) {
            const obstacle = findObstacle(check, world);
            if (obstacle === undefined) await runCheck(check, world);
            else world.context.reporter.report({ kind: "note", message: `not checked: ${check.name}, because ${obstacle}` });
        }
        const omitted = checks.filter((each) => !isChosen(each)).map(({ name }) => name);
        if (omitted.length === 0) return;
        world.context.reporter.report({ kind: "note", message: `not checked: ${omitted.join(", ")}, because production is only read` });
    } finally {
        await world.traffic.restore();
    }
}

async function runCheck(check: Check, world: VerificationWorld): Promise<void> {
    const { reporter, signal } = world.context;
    const startedAt = Date.now();
    const report = (status: "done" | "failed", measured: string): void => {
        reporter.report({ kind: "check", name: check.name, status, measured, durationMs: Date.now() - startedAt });
    };
    signal.throwIfAborted();
    try {
        report("done", await check.run(world));
    } catch (error) {
        report("failed", error instanceof Error ? error.message : String(error));
        throw error;
    }
}

function findObstacle({ needs, authorized }: Check, { context, served }: VerificationWorld): string | undefined {
    if (needs !== undefined && served.length === 0) return "no model is served yet";
    if (needs === "two served models" && served.length < VARIANTS.length) return `only the ${served.map(({ variant }) => variant).join()} is served`;
    const { jwt } = context.config.api;
    if (authorized === true && jwt !== undefined && context.apiToken === undefined) return `the API takes tokens of ${jwt.issuer}, and FIRSTLIGHT_API_TOKEN holds none`;
    return undefined;
}

export async function createWorld(context: PhaseContext, outputs: PlatformOutputs): Promise<VerificationWorld> {
    const api = createApiClient(context.aws, outputs.apiUrl, context.apiToken);
    const served = await Promise.all(VARIANTS.map((variant) => readServed(context, outputs, variant)));
    return {
        context, outputs, api,
        served: served.filter((each) => each !== undefined),
        traffic: new Traffic(context, outputs, api),
        mark: createMark(),
    };
}

async function readServed({ aws, signal }: PhaseContext, { parameterPath }: PlatformOutputs, variant: Variant): Promise<ServedVariant | undefined> {
    const model = await readServedModel(aws, parameterPath, variant);
    if (model === undefined) return undefined;
    const [schema, golden] = await Promise.all([
        readJson<FeatureSchema>(aws.s3, model.schemaUrl, signal),
        readJson<readonly GoldenPrediction[]>(aws.s3, model.goldenUrl, signal),
    ]);
    return { variant, model, schema, golden };
}
