/**
 * `GET /health`: says that the API answers, which models it serves, and how requests are split. Open to everyone, so it tells nothing else.
 */
import { VARIANTS } from "../shared/documents.ts";
import type { ApprovedModel, Variant, Weights } from "../shared/documents.ts";

export interface HealthDependencies {
    /** Environment's name, e.g. `dev`. */
    readonly environment: string;
    /** Undefined when the variant has no endpoint. */
    readServingModel(variant: Variant): Promise<Pick<ApprovedModel, "version"> | undefined>;
    /** The weights that the routers use. */
    readWeights(): Promise<Weights>;
    /** Told why a model could not be read; the API is healthy all the same. */
    onUnreadable(error: unknown): void;
}

export interface Health {
    readonly status: "ok";
    readonly environment: string;
    /** By variant; one that is not served is absent. */
    readonly servingModelVersions: Readonly<Partial<Record<Variant, string>>>;
    /** Percent per variant. */
    readonly weights: Weights;
}

/** Never fails while the weights can be told: an API without a model is healthy. */
export async function checkHealth(dependencies: HealthDependencies): Promise<Health> {
    const { environment, readServingModel, readWeights, onUnreadable } = dependencies;
    const versions = await Promise.all(VARIANTS.map(async (variant) => {
        const model = await readServingModel(variant).catch((error: unknown) => void onUnreadable(error));
        return model === undefined ? [] : [[variant, model.version] as const];
    }));
    return { status: "ok", environment, servingModelVersions: Object.fromEntries(versions.flat()), weights: await readWeights() };
}
