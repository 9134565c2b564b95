/** A stage per engine, and what an undisturbed run leaves on it; both are made once, when a case first needs them. */
import type { Engine } from "../../../automation/engine/engine.ts";
import type { PhaseName } from "../../../automation/reporter.ts";
import type { KillCase } from "./cases.ts";
import type { Verdict } from "./judge.ts";
import { countEvents } from "./killPoint.ts";
import type { Picture } from "./picture.ts";
import { Stage } from "./stage.ts";

/** What an undisturbed run does and leaves. */
export interface Reference {
    /** How many events a phase has. */
    events(phase: PhaseName): number;
    /** After a deployment until this phase. */
    picture(until: PhaseName): Promise<Picture>;
}

const DEPLOYED: readonly PhaseName[] = ["up", "train", "enable-endpoints", "verify"];

interface Show {
    readonly stage: Stage;
    readonly events: Map<PhaseName, number>;
    readonly pictures: Map<PhaseName, Picture>;
}

export class Theatre {
    readonly #shows = new Map<Engine["kind"], Promise<Show>>();
    readonly #ahead: PhaseName;

    /** @param ahead the undisturbed run goes at least until here, so that it need not be made again for a later case */
    constructor(ahead: PhaseName) {
        this.#ahead = ahead;
    }

    async play(oneCase: KillCase, judge: (oneCase: KillCase, stage: Stage, reference: Reference) => Promise<Verdict>): Promise<Verdict> {
        const { engine } = oneCase;
        const show = await this.#open(engine, oneCase.until);
        const reference: Reference = {
            events: (phase) => show.events.get(phase) ?? 0,
            picture: async (until) => show.pictures.get(until) ?? Promise.reject(new Error(`no undisturbed run went until ${until}`)),
        };
        try {
            const verdict = await judge(oneCase, show.stage, reference);
            // What is left over would be in the way of the next case.
            if (verdict.problems.length > 0) await this.#close(engine);
            return verdict;
        } catch (error) {
            await this.#close(engine);
            return { problems: [(error as Error).message], story: "it did not come to its end" };
        }
    }

    async close(): Promise<void> {
        for (const engine of [...this.#shows.keys()]) await this.#close(engine);
    }

    /** With references up to this phase; a later one is added when it is asked for. */
    async #open(engine: Engine["kind"], until: PhaseName): Promise<Show> {
        let opening = this.#shows.get(engine);
        if (opening === undefined) {
            opening = Stage.open(engine).then((stage) => ({ stage, events: new Map(), pictures: new Map() }));
            this.#shows.set(engine, opening);
        }
        const show = await opening;
        const isKnown = until === "destroy" ? show.events.has("destroy") : show.pictures.has(until);
        if (!isKnown) await rehearse(show, laterOf(this.#ahead, until === "destroy" ? "enable-endpoints" : until));
        return show;
    }

    async #close(engine: Engine["kind"]): Promise<void> {
        const opening = this.#shows.get(engine);
        this.#shows.delete(engine);
        await (await opening)?.stage.close();
    }
}

function laterOf(left: PhaseName, right: PhaseName): PhaseName {
    return DEPLOYED.indexOf(left) > DEPLOYED.indexOf(right) ? left : right;
}

/** Deploys phase by phase, looks after each, and destroys. */
async function rehearse({ stage, events, pictures }: Show, last: PhaseName): Promise<void> {
    const act = await stage.begin();
    for (const until of [...DEPLOYED.slice(0, DEPLOYED.indexOf(last) + 1), "destroy" as const]) {
        const run = await act.run(until);
        if (run.exitCode !== 0) throw new Error(`the undisturbed run until ${until} ended with ${run.exitCode}: ${run.said}`);
        for (const [phase, count] of countEvents(run.events)) if (!events.has(phase)) events.set(phase, count);
        if (until !== "destroy") pictures.set(until, await act.look());
    }
    const left = (await stage.cloud.inventory()).filter((item) => !stage.empty.includes(item));
    if (left.length > 0) throw new Error(`the undisturbed run left ${left.join(", ")}`);
}
