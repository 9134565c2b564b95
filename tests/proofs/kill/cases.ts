/** The moments at which drivers are killed, from a seed. */
import type { Engine } from "../../../automation/engine/engine.ts";
import type { PhaseName } from "../../../automation/progress/reporter.ts";
import { createRandom } from "../proof.ts";
import type { Victim } from "./driverRun.ts";

/** One kill. */
export interface Kill {
    readonly id: string;
    readonly victim: Victim;
    readonly phase: PhaseName;
    /** An edge of the phase, or how far into its events, from 0 to 1. */
    readonly at: "started" | "done" | number;
    readonly delayMs: number;
}

/**
 * One deployment from nothing to nothing, and a kill in most of its phases. After every kill the same command is given once more, and what it
 * leaves is compared with an undisturbed run; so each kill meets a deployment that is as if it had never been disturbed.
 */
export interface KillLife {
    readonly id: string;
    readonly engine: Engine["kind"];
    /** The command that is given once more: what was killed, or the whole deployment until there. */
    readonly again: "phase" | "deploy";
    /** In the order of the phases. */
    readonly kills: readonly Kill[];
}

/** In order. Preflight touches nothing. */
export const KILLED_PHASES: readonly PhaseName[] = ["up", "train", "enable-endpoints", "verify", "destroy"];
/** Phases in which the Pulumi CLI runs. */
export const ENGINE_PHASES: ReadonlySet<PhaseName> = new Set(["up", "enable-endpoints", "destroy"]);

const EMBEDDED_LIVES = 4;
/** Of every point with the Pulumi CLI its phase and who is killed; in `train` no CLI runs. */
const REAL_LIVES: readonly (readonly (readonly [PhaseName, Victim])[])[] = [
    [["up", "driver"], ["train", "driver"], ["enable-endpoints", "cli"], ["destroy", "both"]],
    [["up", "both"], ["train", "driver"], ["enable-endpoints", "driver"], ["destroy", "cli"]],
    [["up", "cli"], ["destroy", "both"]],
];
/** The end of a phase is the edge's; a point that close to it would come too late now and then. */
const LATEST = 0.9;
/** So that a kill falls into a step and not only between two. */
const LONGEST_DELAY_MS = 250;

export function createKillLives(seed: number): readonly KillLife[] {
    const random = createRandom(seed);
    const edges = (["started", "done"] as const).map((at): KillLife => (
        { id: `edges: ${at}`, engine: "embedded", again: at === "done" ? "deploy" : "phase", kills: KILLED_PHASES.map((phase) => ({ id: `edge: ${phase} ${at}`, victim: "driver", phase, at, delayMs: 0 })) }));
    const everywhere = KILLED_PHASES.map((phase) => [phase, "driver"] as const);
    const embedded = Array.from({ length: EMBEDDED_LIVES }, (_, index) => createPoints(`embedded ${index + 1}`, everywhere, random));
    const real = REAL_LIVES.map((points, index) => createPoints(`pulumi ${index + 1}`, points, random));
    return [...edges, ...embedded.map((kills): KillLife => ({ ...kills, engine: "embedded" })), ...real.map((kills): KillLife => ({ ...kills, engine: "pulumi" }))];
}

function createPoints(name: string, points: readonly (readonly [PhaseName, Victim])[], random: () => number): Pick<KillLife, "id" | "again" | "kills"> {
    const kills = points.map(([phase, victim]): Kill => {
        const at = random() * LATEST;
        const delayMs = Math.floor(random() * LONGEST_DELAY_MS);
        return { id: `${name}: ${phase} at ${Math.round(at * 100)} % + ${delayMs} ms, ${victim}`, victim, phase, at, delayMs };
    });
    return { id: name, again: "phase", kills };
}

/** The kill that came too late is drawn anew, nearer to the beginning of its phase. */
export function redraw(life: KillLife, late: Kill): KillLife {
    const earlier = (kill: Kill): Kill => (kill === late && typeof kill.at === "number" ? { ...kill, at: kill.at / 2 } : kill);
    return { ...life, kills: life.kills.map(earlier) };
}
