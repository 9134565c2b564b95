import { expect } from "chai";
import { listModels, listVersions, type ModelsDependencies } from "../../../lambdas/models/core.ts";
import type { ModelItem } from "../../../lambdas/models/versions.ts";
import { problemOf } from "../support/routerWorld.ts";

/** A registry of models with so many versions each, `v01` and up, asked as DynamoDB is. */
function createRegistry(counts: Readonly<Record<string, number>>): ModelsDependencies {
    const items: ModelItem[] = Object.entries(counts).flatMap(([ModelId, count]) => Array.from({ length: count }, (_, index) => ({
        ModelId, Version: `v${String(index + 1).padStart(2, "0")}`, Status: "approved", Variant: "champion", Metrics: { auc: 0 },
    })));
    return {
        readModelIds: async () => items.map(({ ModelId }) => ModelId).reverse(),
        readVersions: async (modelId, { limit, before }) => items
            .filter(({ ModelId, Version }) => ModelId === modelId && (before === undefined || Version < before)).reverse().slice(0, limit),
        readMetrics: async (modelId, { oldest, newest }) => items
            .filter(({ ModelId, Version }) => ModelId === modelId && Version >= oldest && Version <= newest && Version !== "v01")
            .map(({ Version }) => ({ Version, Metrics: { auc: Number(Version.slice(1)) } })),
    };
}

describe("GET /models", () => {
    it("lists each model once, with its newest version and that one's metrics", async () => {
        const { models, next } = await listModels({}, createRegistry({ "binary:b": 3, "binary:a": 2 }));
        expect(models.map(({ modelId, version, metrics }) => [modelId, version, metrics])).to.deep.equal([["binary:a", "v02", { auc: 2 }], ["binary:b", "v03", { auc: 3 }]]);
        expect(next).to.equal(undefined);
    });

    it("is empty when nothing was trained", async () => {
        expect(await listModels({}, createRegistry({}))).to.deep.equal({ models: [] });
    });

    it("goes on where the page before ended", async () => {
        const registry = createRegistry({ a: 1, b: 1, c: 1 });
        const first = await listModels({ limit: "2" }, registry);
        expect(first.models.map(({ modelId }) => modelId)).to.deep.equal(["a", "b"]);
        const second = await listModels({ limit: "2", next: first.next! }, registry);
        expect(second.models.map(({ modelId }) => modelId)).to.deep.equal(["c"]);
        expect(second).to.not.have.property("next");
    });

    it("refuses a limit or a token that is none", async () => {
        const registry = createRegistry({ a: 3 });
        const versions = await listVersions("a", { limit: "1" }, registry);
        for (const query of [{ limit: "0" }, { limit: "101" }, { limit: "x" }, { limit: "1.5" }, { next: "" }, { next: "%%%" }, { next: "bnVsbA" }, { next: versions.next! }]) {
            expect((await problemOf(listModels(query, registry))).status, JSON.stringify(query)).to.equal(400);
        }
    });
});

describe("GET /models/{id}/versions", () => {
    it("lists the versions, newest first, page by page, each once", async () => {
        const registry = createRegistry({ "binary:a": 5, "binary:b": 1 });
        const seen: string[] = [];
        let next: string | undefined;
        do {
            const page = await listVersions("binary:a", { limit: "2", ...(next === undefined ? {} : { next }) }, registry);
            expect(page.modelId).to.equal("binary:a");
            seen.push(...page.versions.map(({ version }) => version));
            next = page.next;
        } while (next !== undefined);
        expect(seen).to.deep.equal(["v05", "v04", "v03", "v02", "v01"]);
    });

    it("takes the metrics of the model's record when they stand nowhere else", async () => {
        const { versions } = await listVersions("a", {}, createRegistry({ a: 2 }));
        expect(versions.map(({ metrics }) => metrics)).to.deep.equal([{ auc: 2 }, { auc: 0 }]);
    });

    it("is 404 for a model that there is not", async () => {
        expect(await problemOf(listVersions("binary:none", {}, createRegistry({ a: 1 })))).to.include({ status: 404 });
    });
});
