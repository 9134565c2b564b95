/** Predicts the sample rows in a process of its own, from the artifact as it lies in S3. */
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { createRowEncoder } from "../../lambdas/shared/encode.ts";
import type { ApprovedModel, FeatureSchema, FeatureValues, Variant } from "../../lambdas/shared/documents.ts";
import { openObject, parseS3Url, readJson } from "../../lambdas/shared/store.ts";
import type { AwsClients } from "../aws.ts";

export interface SecondOpinionOptions {
    readonly aws: AwsClients;
    readonly variant: Variant;
    readonly model: ApprovedModel;
    readonly rows: readonly FeatureValues[];
    readonly python: string;
    /** The artifact is downloaded into it. */
    readonly folder: string;
    readonly environment: NodeJS.ProcessEnv;
}

/** Scores per row, in the order of the rows. @throws Error with the process's last words when it fails. */
export async function predictIndependently({ aws, variant, model, rows, python, folder, environment }: SecondOpinionOptions): Promise<readonly (readonly number[])[]> {
    const schema = await readJson<FeatureSchema>(aws.s3, model.schemaUrl);
    const artifact = path.join(folder, `downloaded-${variant}.tar.gz`);
    await writeFile(artifact, await buffer(await openObject(aws.s3, parseS3Url(model.modelDataUrl))));
    const encode = createRowEncoder(schema.features);
    const encoded = rows.map((row) => encode(schema.features.map(({ name }) => row[name] ?? null), []));
    const answer = await runPython(python, environment, JSON.stringify({ artifact, rows: encoded }));
    return JSON.parse(answer) as number[][];
}

async function runPython(python: string, environment: NodeJS.ProcessEnv, input: string): Promise<string> {
    const script = path.join(import.meta.dirname, "independentPrediction.py");
    const child = spawn(python, [script], { env: environment, stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.end(input);
    const exit = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
    const [output, errors, code] = await Promise.all([buffer(child.stdout), buffer(child.stderr), exit]);
    if (code === 0) return output.toString("utf8");
    throw new Error(`the second prediction process ended with ${code}: ${errors.toString("utf8").trim().split("\n").slice(-5).join("\n")}`);
}
