/**
 * Runs one long proof: `npm run proof:<name> -- [--seed N] [--shard 1/4]`.
 */
import { parseArgs } from "node:util";
import { alarmProof } from "./alarms.ts";
import { engineProof } from "./engineComparison.ts";
import { lockProof } from "./locks.ts";
import { killProof } from "./kill.ts";
import { mutationProof } from "./mutations.ts";
import { preflightProof } from "./preflight.ts";
import { describeLastRun, runProof } from "./proof.ts";
import type { Proof } from "./proof.ts";

const PROOFS = { alarms: alarmProof, engine: engineProof, kill: killProof, locks: lockProof, mutations: mutationProof, preflight: preflightProof } as unknown as Readonly<Record<string, Proof<unknown>>>;

function parseShard(text: string): readonly [number, number] {
    const match = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text);
    const [shard, shards] = [Number(match?.[1]), Number(match?.[2])];
    if (match === null || shard > shards) throw new Error(`--shard ${text}: expected K/N with 1 <= K <= N, for example 1/4`);
    return [shard, shards];
}

async function main(): Promise<void> {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: { seed: { type: "string", default: "1" }, shard: { type: "string", default: "1/1" } },
    });
    const proof = PROOFS[positionals[0] ?? ""];
    if (proof === undefined) throw new Error(`which proof? One of: ${Object.keys(PROOFS).join(", ")}`);
    const reason = proof.unavailable();
    if (reason !== undefined) {
        console.log(`${proof.name} did not run: ${reason}\n${describeLastRun(proof)}`);
        return;
    }
    const result = await runProof(proof, { seed: Number(values.seed), shard: parseShard(values.shard), onProgress: (line) => console.log(line) });
    console.log(result === undefined ? "This shard is done; other shards are not." : describeLastRun(proof));
    process.exitCode = result !== undefined && result.failed > 0 ? 1 : 0;
}

await main();
