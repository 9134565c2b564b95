/** How named values become the model's columns: the one implementation, for the training files and for inference. */
import type { BooleanFeature, CategoricalFeature, Feature, FeatureValues, NumericFeature } from "./documents.ts";

export type FeatureValue = FeatureValues[string];

/** Why a value cannot be used as it is. */
export interface Refusal {
    readonly feature: string;
    /** `category`: unknown, and encoded as zeros. `type`: not encodable, and encoded as missing. */
    readonly kind: "type" | "category";
    readonly detail: string;
}

/** Turns values, in the order of the features, into columns; refusals are appended to `refusals`. */
export type RowEncoder = (values: readonly FeatureValue[], refusals: Refusal[]) => number[];

/** Texts that people and tools write for "no value", lower case. */
const missingTexts = new Set(["", "na", "n/a", "nan", "null", "nil", "-", "?", "#n/a"]);

/** The pairs of texts that make a column boolean, as [false, true], lower case. */
export const booleanPairs: readonly (readonly [string, string])[] = [
    ["false", "true"], ["no", "yes"], ["n", "y"], ["f", "t"], ["off", "on"], ["0", "1"],
];

const decimalNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Whether a cell holds no value: empty, NA, N/A, NaN, null, nil, `-`, `?` in any case. `none` is a value. */
export function isMissing(text: string): boolean {
    return text.length <= 4 && missingTexts.has(text.trim().toLowerCase());
}

/** The number that a cell shows, or undefined. Decimal point, optional exponent; no thousands separators, no infinity. */
export function parseNumber(text: string): number | undefined {
    const trimmed = text.trim();
    if (!decimalNumber.test(trimmed)) return undefined;
    const value = Number(trimmed);
    return Number.isFinite(value) ? value : undefined;
}

/** Number of columns that the features take. */
export function countColumns(features: readonly Feature[]): number {
    return features.reduce((sum, feature) => sum + (feature.type === "categorical" ? feature.categories.length : 1), 0);
}

/** Prepares the encoding of rows; makes the look-up tables once. */
export function createRowEncoder(features: readonly Feature[]): RowEncoder {
    const encoders = features.map(createFeatureEncoder);
    return (values, refusals) => {
        const columns: number[] = [];
        encoders.forEach((encode, index) => encode(values[index] ?? null, columns, refusals));
        return columns;
    };
}

/** One line of a file that XGBoost reads. JavaScript prints the shortest text that reads back as the same number. */
export function formatColumns(columns: readonly number[]): string {
    return columns.join(",");
}

type FeatureEncoder = (value: FeatureValue, columns: number[], refusals: Refusal[]) => void;

function createFeatureEncoder(feature: Feature): FeatureEncoder {
    switch (feature.type) {
        case "numeric": return createNumericEncoder(feature);
        case "boolean": return createBooleanEncoder(feature);
        case "categorical": return createCategoricalEncoder(feature);
    }
}

function createNumericEncoder(feature: NumericFeature): FeatureEncoder {
    return (value, columns, refusals) => {
        const number = isAbsent(value) ? feature.imputedValue : typeof value === "number" ? value : parseNumber(String(value));
        if (number === undefined || !Number.isFinite(number)) {
            refusals.push({ feature: feature.name, kind: "type", detail: `is ${show(value)}, but must be a number` });
        }
        columns.push(number === undefined || !Number.isFinite(number) ? feature.imputedValue : number);
    };
}

function createBooleanEncoder(feature: BooleanFeature): FeatureEncoder {
    const [falseText, trueText] = feature.values;
    return (value, columns, refusals) => {
        const text = typeof value === "boolean" ? (value ? trueText : falseText) : String(value).trim().toLowerCase();
        const isKnown = text === trueText || text === falseText;
        if (!isAbsent(value) && !isKnown) {
            const detail = `is ${show(value)}, but must be true, false, ${show(falseText)} or ${show(trueText)}`;
            refusals.push({ feature: feature.name, kind: "type", detail });
        }
        columns.push(isKnown ? (text === trueText ? 1 : 0) : feature.imputedValue);
    };
}

function createCategoricalEncoder(feature: CategoricalFeature): FeatureEncoder {
    const indexByCategory = new Map(feature.categories.map((category, index) => [category, index]));
    return (value, columns, refusals) => {
        const index = isAbsent(value) ? undefined : indexByCategory.get(String(value).trim());
        if (index === undefined && !isAbsent(value)) {
            const known = feature.categories.slice(0, 10).map(show).join(", ");
            const more = feature.categories.length > 10 ? `, ... (${feature.categories.length})` : "";
            refusals.push({ feature: feature.name, kind: "category", detail: `is ${show(value)}, but must be one of ${known}${more}` });
        }
        for (let column = 0; column < feature.categories.length; column++) columns.push(column === index ? 1 : 0);
    };
}

function isAbsent(value: FeatureValue): boolean {
    return value === null || (typeof value === "string" && isMissing(value));
}

function show(value: FeatureValue): string {
    const text = JSON.stringify(value);
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
