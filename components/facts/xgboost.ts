/**
 * Hyperparameters of the built-in XGBoost and their ranges. Read on 2026-11-21 from
 * https://github.com/aws/sagemaker-xgboost-container (cb8df91), algorithm_mode/hyperparameter_validation.py.
 */
export interface HyperparameterRange {
    /** @default none */
    readonly min?: number;
    /** @default none */
    readonly max?: number;
    /** Whether `min` itself is out of range. @default false */
    readonly aboveMin?: true;
    readonly integer?: true;
    /** Instead of a range. */
    readonly choices?: readonly string[];
}

const SHARE: HyperparameterRange = { min: 0, max: 1 };
const POSITIVE_SHARE: HyperparameterRange = { min: 0, max: 1, aboveMin: true };
const NOT_NEGATIVE: HyperparameterRange = { min: 0 };
const COUNT: HyperparameterRange = { min: 1, integer: true };
const WHOLE: HyperparameterRange = { min: 0, integer: true };

export const hyperparameterRanges: Readonly<Record<string, HyperparameterRange>> = {
    alpha: NOT_NEGATIVE,
    base_score: NOT_NEGATIVE,
    booster: { choices: ["gbtree", "gblinear", "dart"] },
    colsample_bylevel: POSITIVE_SHARE,
    colsample_bynode: POSITIVE_SHARE,
    colsample_bytree: POSITIVE_SHARE,
    early_stopping_rounds: COUNT,
    eta: SHARE,
    gamma: NOT_NEGATIVE,
    grow_policy: { choices: ["depthwise", "lossguide"] },
    lambda: NOT_NEGATIVE,
    max_bin: WHOLE,
    max_delta_step: NOT_NEGATIVE,
    max_depth: WHOLE,
    max_leaves: WHOLE,
    min_child_weight: NOT_NEGATIVE,
    nthread: COUNT,
    num_round: COUNT,
    scale_pos_weight: { min: 0, aboveMin: true },
    seed: { min: -2_147_483_648, max: 2_147_483_647, integer: true },
    subsample: POSITIVE_SHARE,
    tree_method: { choices: ["auto", "exact", "approx", "hist"] },
    verbosity: { min: 0, max: 3, integer: true },
};

/** What is wrong with a value, or undefined. */
export function findHyperparameterFault(name: string, value: string | number): string | undefined {
    const range = Object.hasOwn(hyperparameterRanges, name) ? hyperparameterRanges[name] : undefined;
    if (range === undefined) return `is not a hyperparameter of the built-in XGBoost that can be set here`;
    if (range.choices !== undefined) {
        return range.choices.includes(String(value)) ? undefined : `must be one of ${range.choices.join(", ")}`;
    }
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    const isRight = typeof number === "number" && Number.isFinite(number)
        && (range.integer !== true || Number.isInteger(number))
        && (range.aboveMin === true ? number > (range.min ?? -Infinity) : number >= (range.min ?? -Infinity))
        && number <= (range.max ?? Infinity);
    return isRight ? undefined : `must be ${describeRange(range)}`;
}

function describeRange(range: HyperparameterRange): string {
    const kind = range.integer === true ? "a whole number" : "a number";
    const low = range.min === undefined ? [] : [`${range.aboveMin === true ? "above" : "from"} ${range.min}`];
    const high = range.max === undefined ? [] : [`to ${range.max}`];
    return [kind, ...low, ...high].join(" ");
}
