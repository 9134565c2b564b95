/** Judges the model by what batch transform answered for the test rows, and by nothing else. */
import type { DataManifest, Evaluation, FeatureSchema, GoldenPrediction, SampleRow, Variant } from "../shared/documents.ts";
import type { ModelSettings } from "../shared/environment.ts";
import { readLines } from "../shared/lines.ts";
import { runFileNames, variantFileNames, type RunFiles } from "../shared/runFiles.ts";
import { parseScores } from "../shared/scores.ts";
import { tasks } from "../shared/tasks.ts";
import { createEvaluator, type Evaluator } from "./metrics.ts";

/** How far the probabilities of a row may be from 1 together: they are printed with about 7 digits each. */
const PROBABILITY_TOLERANCE = 1e-3;

/**
 * Writes the variant's golden predictions and its evaluation. Throws when the transform's output has a line that is not label and scores,
 * when it has not one line per test row, and when the deciding metric cannot be computed.
 */
export async function evaluateModel(variant: Variant, settings: ModelSettings, files: RunFiles): Promise<Evaluation> {
    const manifest = await files.readDocument<DataManifest>(runFileNames.manifest);
    const schema = await files.readDocument<FeatureSchema>(runFileNames.schema);
    const samples = await files.readDocument<readonly SampleRow[]>(runFileNames.samples);
    const names = variantFileNames(variant);
    const evaluator = createEvaluator(schema);
    const { rows, golden } = await readTransformOutput({ file: names.transformOutput, files, schema, samples, evaluator });
    if (rows !== manifest.rows.test) {
        throw new Error(`${files.urlOf(names.transformOutput)} has ${rows} lines, but the test data has ${manifest.rows.test} rows`);
    }
    const evaluation = buildEvaluation(schema, settings, { rows, metrics: evaluator.metrics() });
    await files.writeDocument(names.golden, golden);
    await files.writeDocument(names.evaluation, evaluation);
    return evaluation;
}

interface TransformReading {
    /** Name of what batch transform wrote. */
    readonly file: string;
    readonly files: RunFiles;
    readonly schema: FeatureSchema;
    readonly samples: readonly SampleRow[];
    readonly evaluator: Evaluator;
}

async function readTransformOutput(
    { file, files, schema, samples, evaluator }: TransformReading,
): Promise<{ rows: number; golden: GoldenPrediction[] }> {
    const featuresByLine = new Map(samples.map(({ line, features }) => [line, features]));
    const parse = createLineParser(schema);
    const golden: GoldenPrediction[] = [];
    let rows = 0;
    for await (const lines of readLines(await files.openFile(file))) {
        for (const line of lines) {
            // The container ends each answer with a line end, and batch transform may add one; the rows are counted.
            if (line === "") continue;
            const { label, scores } = parse(line, `${files.urlOf(file)} line ${rows + 1}`);
            evaluator.add(label, scores);
            const features = featuresByLine.get(rows);
            if (features !== undefined) golden.push({ features, scores });
            rows++;
        }
    }
    return { rows, golden };
}

/** Label and scores of a line; a line that is anything else would make the metrics worthless, so it is an error. */
function createLineParser(schema: FeatureSchema): (line: string, place: string) => { label: number; scores: readonly number[] } {
    const classCount = schema.classes?.length;
    const expected = 1 + tasks[schema.task].countScores(classCount ?? 1);
    return (line, place) => {
        const refuse = (why: string): Error => new Error(
            `${place} ${why}: ${JSON.stringify(line.slice(0, 200))}\n  fix: look at the transform job and its OutputFilter`,
        );
        const numbers = parseScores(line);
        if (numbers === undefined) throw refuse("is not a list of numbers");
        if (numbers.length !== expected) throw refuse(`has ${numbers.length} numbers instead of label and ${expected - 1} scores`);
        const [label, ...scores] = numbers as [number, ...number[]];
        if (classCount !== undefined && !(Number.isInteger(label) && label >= 0 && label < classCount)) {
            throw refuse(`has a label that is no class from 0 to ${classCount - 1}`);
        }
        if (classCount !== undefined && scores.some((score) => score < 0 || score > 1)) throw refuse("has a score that is no probability");
        const total = scores.reduce((sum, score) => sum + score, 0);
        if (schema.task === "multiclass" && Math.abs(total - 1) > PROBABILITY_TOLERANCE) {
            throw refuse(`has probabilities that are ${total} together`);
        }
        return { label, scores };
    };
}

function buildEvaluation(
    schema: FeatureSchema,
    settings: ModelSettings,
    { rows, metrics }: Pick<Evaluation, "rows" | "metrics">,
): Evaluation {
    const { metric, floor, direction } = tasks[schema.task].gate;
    const value = metrics[metric];
    if (value === undefined || !Number.isFinite(value)) {
        throw new Error(
            `the deciding metric ${metric} cannot be computed from the ${rows} test rows: they hold one class or one value only`,
        );
    }
    return { task: schema.task, rows, metrics, gate: { metric, value, floor: settings.metricFloor ?? floor, direction } };
}
