/** What an undisturbed run does and leaves; made once for a state of the code, and kept beside the progress of the proof. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { PhaseName } from "../../../automation/progress/reporter.ts";
import { PROJECT_FOLDER } from "../proof.ts";
import { KILLED_PHASES } from "./cases.ts";
import { describeFailure } from "./judge.ts";
import { countEvents } from "./killPoint.ts";
import type { Picture } from "./picture.ts";
import type { Stage } from "./stage.ts";

export interface Reference {
    /** How many events a phase has. */
    readonly events: ReadonlyMap<PhaseName, number>;
    /** After a deployment until this phase. */
    readonly pictures: ReadonlyMap<PhaseName, Picture>;
}

interface KeptReference {
    readonly events: readonly (readonly [PhaseName, number])[];
    readonly pictures: readonly (readonly [PhaseName, KeptPicture])[];
}

interface KeptPicture {
    readonly resources: readonly (readonly [string, string])[];
    readonly inventory: readonly (readonly [string, number])[];
    readonly trainings: readonly number[];
}

/** Deploys phase by phase until the last of them, looks after each, and destroys. @throws Error when that fails, or leaves anything */
export async function recordReference(stage: Stage, last: PhaseName): Promise<Reference> {
    const events = new Map<PhaseName, number>();
    const pictures = new Map<PhaseName, Picture>();
    const act = await stage.begin();
    const phases = KILLED_PHASES.slice(0, KILLED_PHASES.indexOf(last) + 1).filter((phase) => phase !== "destroy");
    for (const phase of [...phases, "destroy" as const]) {
        const run = await act.run({ from: phase, until: phase });
        if (run.exitCode !== 0) throw new Error(describeFailure(`the undisturbed ${phase}`, run));
        events.set(phase, countEvents(run.events).get(phase) ?? 0);
        if (phase !== "destroy") pictures.set(phase, await act.look());
    }
    const left = (await stage.cloud.inventory()).filter((item) => !stage.empty.includes(item));
    if (left.length > 0) throw new Error(`the undisturbed run left ${left.join(", ")}`);
    return { events, pictures };
}

/** The one that was kept for this code, also by another shard: both engines leave the same. */
export async function findReference(stage: Stage, codeHash: string): Promise<Reference> {
    const file = path.join(PROJECT_FOLDER, ".firstlight", "proofs", `kill-reference-${codeHash}.json`);
    if (existsSync(file)) return unpack(JSON.parse(readFileSync(file, "utf8")) as KeptReference);
    const reference = await recordReference(stage, "verify");
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(pack(reference)));
    renameSync(`${file}.${process.pid}`, file);
    return reference;
}

function pack({ events, pictures }: Reference): KeptReference {
    return {
        events: [...events],
        pictures: [...pictures].map(([phase, { resources, inventory, trainings }]) => (
            [phase, { resources: [...resources], inventory: [...inventory], trainings }] as const)),
    };
}

function unpack({ events, pictures }: KeptReference): Reference {
    return {
        events: new Map(events),
        pictures: new Map(pictures.map(([phase, { resources, inventory, trainings }]) => (
            [phase, { resources: new Map(resources), inventory: new Map(inventory), trainings }] as const))),
    };
}
