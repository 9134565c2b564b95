/** Predicts on a batch: one request per variant, or several when the rows are many. */
import type { Variant } from "../shared/documents.ts";
import { askInOrder, type AskOptions } from "../shared/router/ask.ts";
import type { Route } from "../shared/router/routes.ts";
import { buildPredictions, MAX_PAYLOAD_BYTES, type ServedModel } from "../shared/router/served.ts";
import type { Prediction } from "../shared/tasks.ts";

/** A record that its variant's model can read. */
export interface PreparedRecord {
    /** Its place in the batch. */
    readonly index: number;
    readonly route: Route;
    readonly features: unknown;
    /** As the first candidate's model reads it. */
    readonly line: string;
}

export interface Predicted {
    readonly index: number;
    readonly assigned: Variant;
    readonly model: ServedModel;
    readonly prediction: Prediction;
}

export interface PredictDependencies extends AskOptions {
    invokeEndpoint(variant: Variant, csv: string, timeoutMilliseconds: number): Promise<string>;
    /** Told when no variant answered for some records; they are not done. */
    onUnanswered(records: number, error: unknown): void;
}

/** The predictions that could be made, in no particular order. Never throws. */
export async function predict(records: readonly PreparedRecord[], dependencies: PredictDependencies): Promise<readonly Predicted[]> {
    const groups = Map.groupBy(records, ({ route }) => route.candidates[0].variant);
    // Side by side: the two endpoints do not know of each other.
    const found = await Promise.all([...groups.values()].map(async (group) => {
        const predicted: Predicted[] = [];
        for (const chunk of cutChunks(group, MAX_PAYLOAD_BYTES)) predicted.push(...await predictChunk(chunk, dependencies));
        return predicted;
    }));
    return found.flat();
}

/** Cuts records into runs whose lines, joined, take at most so many bytes; a longer line is a run of its own. */
export function cutChunks<Item extends Pick<PreparedRecord, "line">>(
    records: readonly Item[],
    maxBytes: number,
): readonly (readonly Item[])[] {
    const chunks: Item[][] = [];
    let bytes = Infinity;
    for (const record of records) {
        // Lines are numbers and commas: a character is a byte. One more for the line's end.
        const size = record.line.length + 1;
        if (bytes + size > maxBytes) {
            chunks.push([]);
            bytes = 0;
        }
        chunks.at(-1)!.push(record);
        bytes += size;
    }
    return chunks;
}

async function predictChunk(chunk: readonly PreparedRecord[], dependencies: PredictDependencies): Promise<readonly Predicted[]> {
    const [first] = chunk;
    if (first === undefined) return [];
    try {
        // Records of one group have the same candidates: they differ only in whose share they were.
        const { answer } = await askInOrder(
            first.route,
            (model, timeoutMilliseconds) => askModel({ chunk, model, timeoutMilliseconds }, dependencies),
            dependencies,
        );
        return answer;
    } catch (error) {
        dependencies.onUnanswered(chunk.length, error);
        return [];
    }
}

interface Question {
    readonly chunk: readonly PreparedRecord[];
    readonly model: ServedModel;
    readonly timeoutMilliseconds: number;
}

/** A fallback's model may not take every record that the assigned one takes: the others wait for theirs. */
async function askModel(
    { chunk, model, timeoutMilliseconds }: Question,
    { invokeEndpoint }: PredictDependencies,
): Promise<readonly Predicted[]> {
    const fitting = chunk.flatMap((record) => {
        const isAssigned = model === record.route.candidates[0];
        const line = isAssigned ? record.line : model.readRow({ pointer: "/features", value: record.features }, []);
        return line === undefined ? [] : [{ record, line }];
    });
    if (fitting.length === 0) return [];
    const text = await invokeEndpoint(model.variant, fitting.map(({ line }) => line).join("\n"), timeoutMilliseconds);
    const predictions = buildPredictions(text, fitting.length, model);
    return fitting.map(({ record }, position) => ({
        index: record.index, assigned: record.route.assigned, model, prediction: predictions[position]!,
    }));
}
