/**
 * `GET /models`: the models of the registry, each with its newest version; `GET /models/{id}/versions`: the versions of one, newest first.
 *
 *     query     limit: 1 to 100 @default 20; next: as the answer before said
 *     200       { "models": [version, ...], "next"?: "..." }     by model id
 *               { "modelId", "versions": [version, ...], "next"?: "..." }
 *               version { "modelId", "version", "status", "variant", "task", "label", "metrics", "rows", "trainingJobName", "createdAt" }
 *     problem   400 wrong limit or next, 404 a model without versions
 */
import { ProblemError } from "../shared/problem.ts";
import { buildToken, parsePage, parseToken, type Page } from "./page.ts";
import { describeVersion, type ModelItem, type ModelVersion, type MetricsItem } from "./versions.ts";

export interface ModelsDependencies {
    /** Ids of all models, each at least once, in any order. */
    readModelIds(): Promise<readonly string[]>;
    /** At most `limit` versions of a model, newest first, from before a version on. */
    readVersions(modelId: string, options: { readonly limit: number; readonly before?: string }): Promise<readonly ModelItem[]>;
    /** The metrics of a model's versions from the oldest to the newest, both included. */
    readMetrics(modelId: string, range: { readonly oldest: string; readonly newest: string }): Promise<readonly MetricsItem[]>;
}

/** The query's `limit` and `next`, as they came. */
export type PageQuery = Readonly<Partial<Record<string, string>>>;

export interface ModelList {
    readonly models: readonly ModelVersion[];
    readonly next?: string;
}

export interface VersionList {
    readonly modelId: string;
    readonly versions: readonly ModelVersion[];
    readonly next?: string;
}

/** @throws ProblemError (400) for a wrong limit or token. */
export async function listModels(query: PageQuery, dependencies: ModelsDependencies): Promise<ModelList> {
    const page = parsePage(query);
    const after = parseToken(page.token, "model");
    const ids = [...new Set(await dependencies.readModelIds())].sort().filter((id) => after === undefined || id > after);
    const shown = ids.slice(0, page.limit);
    const newest = await Promise.all(shown.map((id) => readDescribed(id, { limit: 1 }, dependencies)));
    return { models: newest.flat(), ...nextOf("model", shown.at(-1), ids.length > shown.length) };
}

/** @throws ProblemError (400) for a wrong limit or token, (404) when there is no such model. */
export async function listVersions(modelId: string, query: PageQuery, dependencies: ModelsDependencies): Promise<VersionList> {
    const page = parsePage(query);
    const before = parseToken(page.token, "version");
    // One more than is shown says whether there are more.
    const found = await readDescribed(modelId, { limit: page.limit + 1, ...(before === undefined ? {} : { before }) }, dependencies);
    if (found.length === 0 && before === undefined) throw noModel(modelId);
    const versions = found.slice(0, page.limit);
    return { modelId, versions, ...nextOf("version", versions.at(-1)?.version, found.length > versions.length) };
}

async function readDescribed(
    modelId: string,
    options: Omit<Page, "token"> & { readonly before?: string },
    dependencies: ModelsDependencies,
): Promise<readonly ModelVersion[]> {
    const items = await dependencies.readVersions(modelId, options);
    const [newest, oldest] = [items.at(0)?.Version, items.at(-1)?.Version];
    if (newest === undefined || oldest === undefined) return [];
    const metrics = await dependencies.readMetrics(modelId, { oldest, newest });
    const metricsByVersion = new Map(metrics.map((item) => [item.Version, item]));
    return items.map((item) => describeVersion(item, metricsByVersion.get(item.Version)));
}

function nextOf(kind: "model" | "version", last: string | undefined, hasMore: boolean): { readonly next?: string } {
    return hasMore && last !== undefined ? { next: buildToken(kind, last) } : {};
}

function noModel(modelId: string): ProblemError {
    return new ProblemError({
        status: 404, title: "No such model", detail: `no model is called ${JSON.stringify(modelId)}; GET /models lists them`,
    });
}
