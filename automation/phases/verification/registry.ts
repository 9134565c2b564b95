import { AB_TEST_ID } from "../../../lambdas/shared/documents.ts";
import { CloudRefusal } from "../../errors.ts";
import type { Check, VerificationWorld } from "./check.ts";
import { expectEqual, expectStatus } from "./expectations.ts";

interface Version { readonly modelId: string; readonly version: string; readonly metrics: Readonly<Record<string, number>> }

interface VersionPage { readonly versions: readonly Version[]; readonly next?: string }

/** What the API tells of models and of the A/B test is what is served, and how it was judged. */
export const registry: Check = {
    name: "registry",
    level: "smoke",
    needs: "a served model",
    authorized: true,
    async run(world: VerificationWorld) {
        const { models } = await get(world, "/models") as { models: readonly Version[] };
        for (const { variant, model } of world.served) {
            if (!models.some(({ modelId }) => modelId === model.modelId)) throw new CloudRefusal(`GET /models does not name ${model.modelId}, which the ${variant} serves`);
            const { metrics } = await findVersion(world, model);
            if (Object.keys(metrics).length === 0) throw new CloudRefusal(`the registry has no metrics of ${model.version}, which the ${variant} serves`);
        }
        const { weights } = await get(world, `/ab-tests/${AB_TEST_ID}`) as { weights: { champion: number; challenger: number } };
        expectEqual(weights.champion + weights.challenger, 100, "the sum of the weights that GET /ab-tests answers");
        return `${models.length} models; the served versions are there with their metrics; weights ${weights.champion}/${weights.challenger}`;
    },
};

/** Newest first, page by page. */
async function findVersion(world: VerificationWorld, { modelId, version }: { readonly modelId: string; readonly version: string }): Promise<Version> {
    const path = `/models/${encodeURIComponent(modelId)}/versions`;
    let next: string | undefined;
    do {
        const page = await get(world, next === undefined ? path : `${path}?next=${encodeURIComponent(next)}`) as VersionPage;
        const found = page.versions.find((each) => each.version === version);
        if (found !== undefined) return found;
        next = page.next;
    } while (next !== undefined);
    throw new CloudRefusal(`GET ${path} does not name the version ${version}, which is served`);
}

async function get({ api, context }: VerificationWorld, path: string): Promise<unknown> {
    return expectStatus(await api.callAuthorized({ method: "GET", path, signal: context.signal }), 200, `GET ${path}`);
}
