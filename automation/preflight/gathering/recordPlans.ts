/** Records the program's two graphs: as it is now, and with endpoints on. */
import { buildImageUri } from "../../../components/facts/sagemakerImages.ts";
import { createNaming } from "../../../components/naming.ts";
import type { PlatformConfig } from "../../../components/config.ts";
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { ApprovedModel, Variant } from "../../../lambdas/shared/documents.ts";
import type { PlanRecorder } from "../../engine/engine.ts";
import type { Plans } from "../rule.ts";

export interface PlanSource {
    readonly config: PlatformConfig;
    readonly region: string;
    readonly accountId: string;
    /** What the parameters hold now, by full name. Empty before the first deployment. */
    readonly parameters: Readonly<Record<string, string>>;
    /** Makes a recorder whose program sees these parameters. Asked once per graph, since both are recorded side by side. */
    readonly createRecorder: (parameters: Readonly<Record<string, string>>) => PlanRecorder;
    /** Ends the programs that run for it. @default never */
    readonly signal?: AbortSignal;
}

export async function recordPlans(source: PlanSource): Promise<Plans> {
    const request = source.signal === undefined ? {} : { signal: source.signal };
    const [asIs, endpointsOn] = await Promise.all([
        source.createRecorder(source.parameters).plan(request),
        source.createRecorder(buildParametersOn(source)).plan(request),
    ]);
    return { asIs, endpointsOn };
}

function buildParametersOn({ config, region, accountId, parameters }: PlanSource): Record<string, string> {
    const { parameterPath } = createNaming(config, { accountId, region });
    const approved = VARIANTS.map((variant) => {
        const name = `${parameterPath}/approved-${variant}`;
        const value = parameters[name] ?? "none";
        return [name, value === "none" ? JSON.stringify(predictModel(config, { region, accountId }, variant)) : value] as const;
    });
    return { ...parameters, [`${parameterPath}/switch`]: "on", ...Object.fromEntries(approved) };
}

/** The model that the pipeline would approve, as far as names go. Exported for its test. */
export function predictModel(config: PlatformConfig, place: { readonly region: string; readonly accountId: string }, variant: Variant): ApprovedModel {
    const naming = createNaming(config, place);
    const job = `${naming.prefix}-000000000000-${variant === "champion" ? "a" : "b"}-0-0`;
    const folder = `s3://${naming.bucket("models", "000000")}/training/${job}`;
    return {
        modelId: `${config.data.task ?? "binary"}:${config.data.label}`,
        version: `00000000T000000Z-000000000000-${variant}`,
        modelDataUrl: `${folder}/output/model.tar.gz`,
        schemaUrl: `${folder}/schema.json`,
        goldenUrl: `${folder}/golden.json`,
        trainingJobName: job,
        trainingImage: buildImageUri({ region: place.region, tag: config.training.imageTag }),
    };
}
