/**
 * What the driver costs over the bare Pulumi CLI, on a stack in which nothing is to be done: whole processes against one rehearsal cloud,
 * in turn, so that what else runs on the machine meets all alike. Needs a CLI on PATH.
 *
 *     node bench/driver.ts
 *
 * | figure                              | bound | baseline in the same round                                   |
 * |-------------------------------------|-------|--------------------------------------------------------------|
 * | phase up, `--no-refresh`            | 1.05  | `pulumi up --yes --skip-preview`, from start to end            |
 * | phase up, with drift shown first    | 1.2   | `pulumi up --yes --skip-preview --refresh`, from start to end  |
 * | the same                            | 1.2   | `pulumi up --yes`, which previews first: as people type it     |
 */
import os from "node:os";
import { RealWorld } from "../tests/support/realWorld.ts";
import type { RealRun } from "../tests/support/realWorld.ts";
import { median, time } from "./measure.ts";

const ROUNDS = 7;

interface Kind {
    readonly name: string;
    /** Seconds. */
    measure(): Promise<number>;
}

/** Seconds that the phase took, as the driver tells it. @throws when the run failed or changed something */
function secondsOfUp({ exitCode, events, said }: RealRun): number {
    const phase = events.find((event) => event.kind === "phase" && event.phase === "up" && event.status === "done");
    const counts = events.find((event) => event.kind === "counts")?.counts ?? {};
    const changed = Object.keys(counts).filter((operation) => operation !== "same");
    if (exitCode !== 0 || phase?.kind !== "phase" || changed.length > 0) throw new Error(`the run ended with ${exitCode}, changed ${changed.join()}: ${said}`);
    return (phase.durationMs ?? Number.NaN) / 1000;
}

async function main(): Promise<void> {
    const world = await RealWorld.open("dev");
    try {
        const clone = await world.clone();
        const first = await world.run("deploy --stack dev --yes --from up --until up");
        if (first.exitCode !== 0) throw new Error(first.said);
        const bare = async (...options: string[]): Promise<number> => {
            const { seconds, exitCode, lastLine } = await time(["pulumi", "up", "--stack", "dev", "--yes", "--color", "never", ...options], clone, { ...world.environment });
            if (exitCode !== 0) throw new Error(lastLine);
            return seconds;
        };
        const driver = async (options: string): Promise<number> => secondsOfUp(await world.run(`deploy --stack dev --yes --from up --until up${options}`));
        const kinds: readonly Kind[] = [
            { name: "pulumi up, previewed", measure: () => bare() },
            { name: "pulumi up", measure: () => bare("--skip-preview") },
            { name: "phase up, --no-refresh", measure: () => driver(" --no-refresh") },
            { name: "pulumi up --refresh", measure: () => bare("--skip-preview", "--refresh") },
            { name: "phase up", measure: () => driver("") },
        ];
        const seconds = new Map<string, number[]>(kinds.map(({ name }) => [name, []]));
        for (let round = 0; round < ROUNDS; round++) for (const { name, measure } of kinds) seconds.get(name)?.push(await measure());
        const { lastLine } = await time(["pulumi", "version"], clone, { ...world.environment });
        console.log(`${os.cpus().length} processors, Node ${process.version}, Pulumi ${lastLine}, median of ${ROUNDS}`);
        for (const [name, runs] of seconds) console.log(`${name}: ${median(runs).toFixed(1)} s (${Math.min(...runs).toFixed(1)} - ${Math.max(...runs).toFixed(1)})`);
        const ratio = (one: string, other: string): string => (median(seconds.get(one) ?? []) / median(seconds.get(other) ?? [])).toFixed(2);
        console.log(`phase up, --no-refresh, against pulumi up: ${ratio("phase up, --no-refresh", "pulumi up")} times`);
        for (const baseline of ["pulumi up --refresh", "pulumi up, previewed", "pulumi up"]) console.log(`phase up against ${baseline}: ${ratio("phase up", baseline)} times`);
        await world.run("destroy --stack dev --yes");
    } finally {
        await world.close();
    }
}

await main();
