/** `GET /health`: says that the API answers, and which model it serves. Open to everyone, so it tells nothing else. */
import type { ApprovedModel } from "../shared/documents.ts";

export interface HealthDependencies {
    /** Environment's name, e.g. `dev`. */
    readonly environment: string;
    /** Undefined when no endpoint is declared. */
    readServingModel(): Promise<ApprovedModel | undefined>;
    /** Told why the model could not be read; the API is healthy all the same. */
    onUnreadable(error: unknown): void;
}

export interface Health {
    readonly status: "ok";
    readonly environment: string;
    /** Absent while nothing is served. */
    readonly servingModelVersion?: string;
}

/** Never fails: an API without a model is healthy. */
export async function checkHealth(dependencies: HealthDependencies): Promise<Health> {
    const model = await dependencies.readServingModel().catch((error: unknown) => {
        dependencies.onUnreadable(error);
        return undefined;
    });
    return { status: "ok", environment: dependencies.environment, ...(model === undefined ? {} : { servingModelVersion: model.version }) };
}
