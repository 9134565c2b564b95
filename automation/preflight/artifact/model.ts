/** Tells what an XGBoost model file is, without XGBoost: its format by the first bytes, and what is in it as far as it can be read. */
import { parseUbjson } from "./ubjson.ts";

export type ModelFormat = "ubjson" | "json" | "pickle" | "binary";

export interface ModelReading {
    readonly format: ModelFormat;
    /** Major, minor, patch of the XGBoost that wrote it; absent where the format does not say. */
    readonly version?: readonly number[];
    /** Columns that the model takes; absent where it cannot be read (pickle). */
    readonly featureCount?: number;
    /** Trees, or 1 for a linear model; absent where it cannot be read (pickle, old binary). */
    readonly treeCount?: number;
    readonly objective?: string;
}

/** The document is one of XGBoost's formats by its first bytes, but not in what follows, or is none at all. */
export class ModelFormatError extends Error {
    override readonly name = "ModelFormatError";
}

/** Offsets in the old binary header: LearnerModelParamLegacy of XGBoost 1.x, after the magic `binf`. */
const BINARY = { featureCount: 8, major: 24, minor: 28, bytes: 32 };

/** @throws ModelFormatError when no XGBoost could load the file. */
export function readModel(bytes: Uint8Array): ModelReading {
    if (bytes.length === 0) throw new ModelFormatError("is empty");
    switch (detectFormat(bytes)) {
        case "ubjson": return readDocument("ubjson", () => parseUbjson(bytes));
        case "json": return readDocument("json", () => JSON.parse(Buffer.from(bytes).toString("utf8")) as unknown);
        case "pickle": return { format: "pickle" };
        case "binary": return readBinary(bytes);
        case undefined: throw new ModelFormatError(`begins with ${JSON.stringify(Buffer.from(bytes.subarray(0, 16)).toString("latin1"))}, which no XGBoost format does`);
    }
}

function detectFormat(bytes: Uint8Array): ModelFormat | undefined {
    const start = Buffer.from(bytes.subarray(0, 64)).toString("latin1");
    if (/^\{[LlIUi$#]/.test(start)) return "ubjson";
    if (/^\s*\{/.test(start)) return "json";
    if (/^\x80[\x02-\x05]/.test(start)) return "pickle";
    return start.startsWith("binf") ? "binary" : undefined;
}

function readBinary(bytes: Uint8Array): ModelReading {
    if (bytes.length < BINARY.bytes) throw new ModelFormatError("is an old binary model that ends in its header");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const version = [view.getUint32(BINARY.major, true), view.getUint32(BINARY.minor, true)];
    return { format: "binary", featureCount: view.getUint32(BINARY.featureCount, true), ...(version[0] === 0 ? {} : { version }) };
}

/** The parts of XGBoost's model schema that are looked at. https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html */
interface ModelDocument {
    readonly version?: unknown;
    readonly learner?: {
        readonly learner_model_param?: { readonly num_feature?: unknown };
        readonly objective?: { readonly name?: unknown };
        readonly gradient_booster?: BoosterDocument & { readonly gbtree?: BoosterDocument };
    };
}

interface BoosterDocument { readonly model?: { readonly trees?: unknown; readonly weights?: unknown } }

function readDocument(format: "ubjson" | "json", parse: () => unknown): ModelReading {
    let document: ModelDocument;
    try {
        document = (parse() ?? {}) as ModelDocument;
    } catch (error) {
        throw new ModelFormatError(`begins as ${format}, but cannot be read: ${(error as Error).message}`, { cause: error });
    }
    const { learner } = document;
    const booster = learner?.gradient_booster?.gbtree ?? learner?.gradient_booster;
    if (learner === undefined || booster?.model === undefined) throw new ModelFormatError("holds no learner with a gradient_booster: it is no trained model");
    const version = Array.isArray(document.version) ? document.version.map(Number) : undefined;
    const trees = booster.model.trees;
    return {
        format,
        ...(version === undefined ? {} : { version }),
        featureCount: Number(learner.learner_model_param?.num_feature ?? 0),
        treeCount: Array.isArray(trees) ? trees.length : booster.model.weights === undefined ? 0 : 1,
        ...(typeof learner.objective?.name === "string" ? { objective: learner.objective.name } : {}),
    };
}
