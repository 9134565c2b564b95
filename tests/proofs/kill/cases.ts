/** The moments at which drivers are killed, from a seed. */
import type { Engine } from "../../../automation/engine/engine.ts";
import type { PhaseName } from "../../../automation/reporter.ts";
import { createRandom } from "../proof.ts";
import type { Victim } from "./driverRun.ts";

export interface KillCase {
    readonly id: string;
    readonly engine: Engine["kind"];
    readonly victim: Victim;
    readonly phase: PhaseName;
    /** An edge of the phase, or how far into its events, from 0 to 1. */
    readonly at: "started" | "done" | number;
    readonly delayMs: number;
    /** The command goes until here, before the kill and after it; the last phase of all that run. */
    readonly until: PhaseName;
}

/** The phases of which every edge is tried, in order. Preflight touches nothing. */
const EDGES: readonly PhaseName[] = ["up", "train", "enable-endpoints", "verify", "destroy"];
const WITHIN: readonly PhaseName[] = ["up", "up", "train", "enable-endpoints", "destroy"];
const EMBEDDED_POINTS = 20;
const REAL_POINTS = 10;
const LONGEST_DELAY_MS = 1500;

export function createKillCases(seed: number): readonly KillCase[] {
    return [...createEdges(), ...createPoints("embedded", EMBEDDED_POINTS, seed), ...createPoints("pulumi", REAL_POINTS, seed + 1)];
}

function createEdges(): KillCase[] {
    return EDGES.flatMap((phase, index) => (["started", "done"] as const).map((at): KillCase => {
        const next = EDGES[index + 1];
        // The end of a phase is the moment before the next one; verify is run only where it is what is killed.
        const until = at === "done" && (next === "train" || next === "enable-endpoints") ? next : phase;
        return { id: `edge ${phase} ${at}`, engine: "embedded", victim: "driver", phase, at, delayMs: 0, until };
    }));
}

/** On the real engine every third kill is of the CLI alone. */
function createPoints(engine: Engine["kind"], count: number, seed: number): KillCase[] {
    const random = createRandom(seed);
    return Array.from({ length: count }, (_, index): KillCase => {
        const victim: Victim = engine === "pulumi" && index % 3 === 2 ? "cli" : "driver";
        // The CLI runs in these phases only.
        const phases = victim === "cli" ? WITHIN.filter((phase) => phase === "up" || phase === "destroy") : WITHIN;
        const phase = phases[(victim === "cli" ? Math.floor(index / 3) : index) % phases.length] ?? "up";
        const at = random();
        const delayMs = Math.floor(random() * LONGEST_DELAY_MS);
        const number = String(index + 1).padStart(2, "0");
        return { id: `${engine} ${number}: ${victim} in ${phase} at ${Math.round(at * 100)} % + ${delayMs} ms`, engine, victim, phase, at, delayMs, until: phase };
    });
}
