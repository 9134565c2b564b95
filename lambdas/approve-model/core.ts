/** Last step of a deployment: makes a registered model the approved one of its variant. */
import { VARIANTS, type ApprovalRequest, type ApprovalResult, type ApprovedModel } from "../shared/documents.ts";

/** Largest value of a standard parameter (AWS Systems Manager quotas). */
const MAX_PARAMETER_BYTES = 4096;

export type ModelStatus = "approved" | "superseded";

/** Each may be called again with the same arguments. Parameters are named below the environment's path: `approved-champion`. */
export interface ApprovalDependencies {
    /** Undefined when the parameter does not exist. */
    readParameter(name: string): Promise<string | undefined>;
    putParameter(name: string, value: string): Promise<void>;
    /** Sets the status of a model that is in the registry; one that is not there any more is none. */
    putStatus(model: Pick<ApprovedModel, "modelId" | "version">, status: ModelStatus): Promise<void>;
}

/**
 * Order matters, because any call may be the last: the former model is marked while its parameter still names it, so that a retry finds it
 * again; the parameter that the routers read is written when all the rest stands.
 *
 * @throws Error when the parameter would not fit, and when the served variant has no parameter: its endpoint is being created, and whoever
 * creates it writes another model there.
 */
export async function approveModel(
    { variant, model, isServed }: ApprovalRequest,
    dependencies: ApprovalDependencies,
): Promise<ApprovalResult> {
    const value = JSON.stringify(model);
    if (Buffer.byteLength(value) > MAX_PARAMETER_BYTES) {
        const what = `the approved model takes ${Buffer.byteLength(value)} bytes, but a parameter holds ${MAX_PARAMETER_BYTES}`;
        throw new Error(`${what}\n  fix: shorten the names of project and environment`);
    }
    const serving = `serving-${variant}`;
    if (isServed && await dependencies.readParameter(serving) === undefined) {
        throw new Error(
            `the parameter ${serving} does not exist, although the endpoint does\n`
            + "  fix: let the deployment that creates it end, then train again",
        );
    }
    await dependencies.putStatus(model, "approved");
    const former = await findSuperseded({ variant, model }, dependencies);
    if (former !== undefined) await dependencies.putStatus(former, "superseded");
    await dependencies.putParameter(`approved-${variant}`, value);
    if (isServed) await dependencies.putParameter(serving, value);
    return { outcome: isServed ? "deployed" : "approved" };
}

/** The variant's former model, unless it is the same one, or stays approved for the other variant: a promotion gives one model to both. */
async function findSuperseded(
    { variant, model }: Pick<ApprovalRequest, "variant" | "model">,
    dependencies: ApprovalDependencies,
): Promise<ApprovedModel | undefined> {
    const [former, ...others] = await Promise.all(
        [variant, ...VARIANTS.filter((other) => other !== variant)].map(
            async (each) => parseModel(await dependencies.readParameter(`approved-${each}`)),
        ),
    );
    if (former === undefined || [model, ...others].some((kept) => kept?.modelId === former.modelId && kept.version === former.version)) {
        return undefined;
    }
    return former;
}

/** Undefined for `none`, and for a value that no program of ours wrote: it is about to be replaced. */
function parseModel(value: string | undefined): ApprovedModel | undefined {
    try {
        const model = JSON.parse(value ?? "") as Partial<ApprovedModel> | null;
        return typeof model?.modelId === "string" && typeof model.version === "string" ? model as ApprovedModel : undefined;
    } catch {
        return undefined;
    }
}
