/** The A/B test as the routers see it: weights that sum, and the variant that is being deployed to. */
import { AB_TEST_ID, VARIANTS } from "../documents.ts";
import type { AbTestItem, Variant, Weights } from "../documents.ts";

export interface Drain {
    readonly variant: Variant;
    /** Seconds since 1970, after which it is over even if nobody ended it. */
    readonly until: number;
}

export interface AbTest {
    readonly weights: Weights;
    /** `default`: nobody has set weights, the configuration's apply. */
    readonly source: "table" | "default";
    /** 0 while nobody has set weights. */
    readonly revision: number;
    /** ISO 8601; absent while nobody has set weights. */
    readonly updatedAt?: string;
    readonly drain?: Drain;
}

/** An item that somebody wrote by hand, and wrongly. */
export class InvalidWeightsError extends Error {
    override readonly name = "InvalidWeightsError";

    constructor(weights: unknown) {
        super(`the A/B test ${AB_TEST_ID} has the weights ${JSON.stringify(weights)}, `
            + "but they must be whole numbers from 0 to 100 that sum to 100\n"
            + `  fix: PUT /ab-tests/${AB_TEST_ID} with such weights`);
    }
}

/** Whether a value gives each variant, and nothing else, a whole number from 0 to 100, and they sum to 100. */
export function areWeights(value: unknown): value is Weights {
    if (typeof value !== "object" || value === null || Object.keys(value).length !== VARIANTS.length) return false;
    const weights = value as Partial<Record<Variant, unknown>>;
    const shares = VARIANTS.map((variant) => weights[variant]);
    if (!shares.every((share) => typeof share === "number" && Number.isInteger(share) && share >= 0 && share <= 100)) return false;
    return (shares as number[]).reduce((sum, share) => sum + share, 0) === 100;
}

/** The weights of the variable `DEFAULT_WEIGHTS`. @throws InvalidWeightsError */
export function parseDefaultWeights(text: string): Weights {
    const weights: unknown = JSON.parse(text);
    if (!areWeights(weights)) throw new InvalidWeightsError(weights);
    return weights;
}

/** Reads the item; absent weights are the default ones. @throws InvalidWeightsError when there are weights, but wrong ones. */
export function parseAbTest(item: Partial<AbTestItem> | undefined, defaultWeights: Weights): AbTest {
    const { Weights: weights, Revision, UpdatedAt } = item ?? {};
    const drain = readDrain(item);
    const drained = drain === undefined ? {} : { drain };
    if (weights === undefined) return { weights: defaultWeights, source: "default", revision: 0, ...drained };
    if (!areWeights(weights)) throw new InvalidWeightsError(weights);
    return {
        weights,
        source: "table",
        revision: typeof Revision === "number" ? Revision : 0,
        ...(typeof UpdatedAt === "string" ? { updatedAt: UpdatedAt } : {}),
        ...drained,
    };
}

/** What the item says about a drain; its weights may be wrong all the same. */
export function readDrain(item: Partial<AbTestItem> | undefined): Drain | undefined {
    const variant = VARIANTS.find((each) => each === item?.DrainedVariant);
    const until = item?.DrainedUntil;
    return variant === undefined || typeof until !== "number" ? undefined : { variant, until };
}

/** The variant that is drained at a time in milliseconds since 1970. */
export function findDrained({ drain }: AbTest, nowMilliseconds: number): Variant | undefined {
    return drain !== undefined && nowMilliseconds < drain.until * 1000 ? drain.variant : undefined;
}
