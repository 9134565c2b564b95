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

const ZERO = 48;
const NINE = 57;

/** Whether a cell holds no value: empty, NA, N/A, NaN, null, nil, `-`, `?` in any case. `none` is a value. */
export function isMissing(text: string): boolean {
    if (text.length > 4 || isDigit(text.charCodeAt(0))) return false;
    return missingTexts.has(text.trim().toLowerCase());
}

function isDigit(code: number): boolean {
    return code >= ZERO && code <= NINE;
}

/** The number that a cell shows, or undefined. Decimal point, optional exponent; no thousands separators, no infinity. */
export function parseNumber(text: string): number | undefined {
    const value = Number(text);
    if (!Number.isFinite(value)) return undefined;
    // Number also takes nothing for 0, and hexadecimal, octal and binary numbers. A regular expression says so too, three times slower.
    if (isDigit(text.charCodeAt(0)) && text.charCodeAt(1) <= NINE) return value;
    return /^\s*(0[xob]|$)/i.test(text) ? undefined : value;
}

/** Number of columns that the features take. */
export function countColumns(features: readonly Feature[]): number {
    return features.reduce((sum, feature) => sum + (feature.type === "categorical" ? feature.categories.length : 1), 0);
}

/** Prepares the encoding of rows; makes the look-up tables once. */
export function createRowEncoder(features: readonly Feature[]): RowEncoder {
    const readers = features.map((feature) => ({ read: createValueReader(feature), categoryCount: countCategories(feature) }));
    return (values, refusals) => {
        const columns: number[] = [];
        readers.forEach(({ read, categoryCount }, index) => {
            const value = read(values[index] ?? null, refusals);
            if (categoryCount === undefined) columns.push(value);
            else for (let column = 0; column < categoryCount; column++) columns.push(column === value ? 1 : 0);
        });
        return columns;
    };
}

/**
 * Prepares the encoding of rows straight into lines: the same text as `formatColumns` makes of a row encoder's columns (proved by
 * their test), without the columns, several times faster. What is refused is encoded as a row encoder encodes it, and not told.
 */
export function createLineEncoder(features: readonly Feature[]): (values: readonly FeatureValue[]) => string {
    const writers = features.map(createTextWriter);
    const places = [...features.keys()].filter((place) => countColumns([features[place]!]) > 0);
    return (values) => {
        let line = "";
        for (const place of places) line += `${line === "" ? "" : ","}${writers[place]!(values[place] ?? null)}`;
        return line;
    };
}

function createTextWriter(feature: Feature): (value: FeatureValue) => string {
    const read = createValueReader(feature);
    const ignored: Refusal[] = [];
    const readQuietly = (value: FeatureValue): number => {
        ignored.length = 0;
        return read(value, ignored);
    };
    const categoryCount = countCategories(feature);
    if (categoryCount === undefined) return (value) => String(readQuietly(value));
    const buildColumns = (category: number): string => (
        Array.from({ length: categoryCount }, (_, column) => (column === category ? 1 : 0)).join(",")
    );
    const texts = Array.from({ length: categoryCount }, (_, category) => buildColumns(category));
    const none = buildColumns(NO_CATEGORY);
    return (value) => texts[readQuietly(value)] ?? none;
}

/** Undefined for a feature that is one number. */
function countCategories(feature: Feature): number | undefined {
    return feature.type === "categorical" ? feature.categories.length : undefined;
}

/** One line of a file that XGBoost reads. JavaScript prints the shortest text that reads back as the same number. */
export function formatColumns(columns: readonly number[]): string {
    return columns.join(",");
}

/** What a value means: a number, 0 or 1, or the index of a category. */
type ValueReader = (value: FeatureValue, refusals: Refusal[]) => number;

const NO_CATEGORY = -1;

function createValueReader(feature: Feature): ValueReader {
    switch (feature.type) {
        case "numeric": return createNumericReader(feature);
        case "boolean": return createBooleanReader(feature);
        case "categorical": return createCategoricalReader(feature);
    }
}

function createNumericReader(feature: NumericFeature): ValueReader {
    return (value, refusals) => {
        if (isAbsent(value)) return feature.imputedValue;
        const number = typeof value === "number" ? value : parseNumber(String(value));
        if (number !== undefined && Number.isFinite(number)) return number;
        refusals.push({ feature: feature.name, kind: "type", detail: `is ${show(value)}, but must be a number` });
        return feature.imputedValue;
    };
}

function createBooleanReader(feature: BooleanFeature): ValueReader {
    const [falseText, trueText] = feature.values;
    return (value, refusals) => {
        const text = typeof value === "boolean" ? (value ? trueText : falseText) : String(value).trim().toLowerCase();
        if (text === trueText) return 1;
        if (text === falseText) return 0;
        if (!isAbsent(value)) {
            const detail = `is ${show(value)}, but must be true, false, ${show(falseText)} or ${show(trueText)}`;
            refusals.push({ feature: feature.name, kind: "type", detail });
        }
        return feature.imputedValue;
    };
}

function createCategoricalReader(feature: CategoricalFeature): ValueReader {
    const indexByCategory = new Map(feature.categories.map((category, index) => [category, index]));
    return (value, refusals) => {
        if (isAbsent(value)) return NO_CATEGORY;
        const index = indexByCategory.get(String(value).trim());
        if (index !== undefined) return index;
        const known = feature.categories.slice(0, 10).map(show).join(", ");
        const more = feature.categories.length > 10 ? `, ... (${feature.categories.length})` : "";
        refusals.push({ feature: feature.name, kind: "category", detail: `is ${show(value)}, but must be one of ${known}${more}` });
        return NO_CATEGORY;
    };
}

function isAbsent(value: FeatureValue): boolean {
    return value === null || (typeof value === "string" && isMissing(value));
}

function show(value: FeatureValue): string {
    const text = JSON.stringify(value);
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
