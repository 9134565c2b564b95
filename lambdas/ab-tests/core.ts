/**
 * `GET` and `PUT /ab-tests/{id}`: how requests are split between champion and challenger.
 *
 *     PUT       { "weights": { "champion": 80, "challenger": 20 }, "revision": 3 }   revision: the one that was seen; absent overwrites any
 *     200       { "testId", "weights", "revision", "source": "table" | "default", "updatedAt"?, "drainedVariant"? }
 *     problem   400 wrong weights, 404 another test, 409 somebody else was faster
 */
import { AB_TEST_ID, VARIANTS } from "../shared/documents.ts";
import type { AbTestItem, Variant, Weights } from "../shared/documents.ts";
import { ProblemError } from "../shared/problem.ts";
import { areWeights, findDrained, InvalidWeightsError, parseAbTest, type AbTest } from "../shared/router/abTest.ts";

export interface AbTestsDependencies {
    /** Apply while nobody has set any. */
    readonly defaultWeights: Weights;
    /** Undefined while there is no item. */
    readItem(): Promise<Partial<AbTestItem> | undefined>;
    /**
     * Sets the weights and counts the revision up; leaves the rest of the item as it is. With an expected revision only if the item has it
     * (0: if it has none), else undefined. Gives the item as it is then.
     */
    writeWeights(
        weights: Weights,
        change: { readonly updatedAt: string; readonly expectedRevision?: number },
    ): Promise<Partial<AbTestItem> | undefined>;
    /** Milliseconds since 1970. */
    now(): number;
}

export interface AbTestAnswer extends Omit<AbTest, "drain"> {
    readonly testId: string;
    /** Present while a deployment keeps requests away from it. */
    readonly drainedVariant?: Variant;
}

/** @throws ProblemError (404) for another test, (409) when the item has weights that do not sum, which only a hand can have written. */
export async function showAbTest(id: string, dependencies: AbTestsDependencies): Promise<AbTestAnswer> {
    refuseOther(id);
    try {
        return describe(await dependencies.readItem(), dependencies);
    } catch (error) {
        if (!(error instanceof InvalidWeightsError)) throw error;
        throw new ProblemError(
            { status: 409, title: "Invalid weights", detail: `${error.message}; until then the routers use the last good ones` },
            { cause: error },
        );
    }
}

/** @throws ProblemError (400) for a wrong body, (404) for another test, (409) when the revision is not the one that was seen. */
export async function changeAbTest(id: string, body: string, dependencies: AbTestsDependencies): Promise<AbTestAnswer> {
    refuseOther(id);
    const { weights, revision } = parseChange(body);
    const updatedAt = new Date(dependencies.now()).toISOString();
    const item = await dependencies.writeWeights(weights, { updatedAt, ...(revision === undefined ? {} : { expectedRevision: revision }) });
    if (item !== undefined) return describe(item, dependencies);
    const { Revision = 0 } = (await dependencies.readItem()) ?? {};
    throw new ProblemError({
        status: 409,
        title: "Stale revision",
        detail: `the A/B test has revision ${Revision}, not ${revision}; read it again and decide anew`,
    });
}

function refuseOther(id: string): void {
    if (id === AB_TEST_ID) return;
    throw new ProblemError({
        status: 404, title: "No such A/B test", detail: `there is no A/B test ${JSON.stringify(id)}; this environment has ${AB_TEST_ID}`,
    });
}

function describe(item: Partial<AbTestItem> | undefined, { defaultWeights, now }: AbTestsDependencies): AbTestAnswer {
    const abTest = parseAbTest(item, defaultWeights);
    const { drain: _, ...shown } = abTest;
    const drainedVariant = findDrained(abTest, now());
    return { testId: AB_TEST_ID, ...shown, ...(drainedVariant === undefined ? {} : { drainedVariant }) };
}

function parseChange(body: string): { readonly weights: Weights; readonly revision?: number } {
    const { weights, revision, ...others } = parseObject(body);
    if (Object.keys(others).length > 0) throw invalid("", `must hold weights and revision, and not ${Object.keys(others).join(", ")}`);
    if (!areWeights(weights)) {
        throw invalid(
            "/weights",
            `must give ${VARIANTS.join(" and ")} whole numbers from 0 to 100 that sum to 100, got ${JSON.stringify(weights ?? null)}`,
        );
    }
    if (revision === undefined) return { weights };
    if (typeof revision !== "number" || !Number.isSafeInteger(revision) || revision < 0) {
        throw invalid("/revision", `must be a whole number from 0, got ${JSON.stringify(revision)}`);
    }
    return { weights, revision };
}

function parseObject(body: string): Record<string, unknown> {
    let value: unknown;
    try {
        value = JSON.parse(body);
    } catch (error) {
        throw invalid("", `is not JSON: ${(error as Error).message}`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid("", 'must be { "weights": { ... } }');
    return value as Record<string, unknown>;
}

function invalid(pointer: string, detail: string): ProblemError {
    return new ProblemError({
        status: 400,
        title: "Invalid request",
        detail: `the body${pointer === "" ? "" : `'s ${pointer.slice(1)}`} ${detail}`,
        errors: [{ pointer, detail }],
    });
}
