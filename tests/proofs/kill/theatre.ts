/** A stage per engine, opened when a life first needs it; it serves one life after the other as long as each leaves it empty. */
import type { Engine } from "../../../automation/engine/engine.ts";
import { redraw } from "./cases.ts";
import type { KillLife } from "./cases.ts";
import { live, TooLate } from "./judge.ts";
import type { Verdict } from "./judge.ts";
import type { Reference } from "./reference.ts";
import { Stage } from "./stage.ts";

/** How often a kill that came too late is drawn anew. */
const REDRAWS = 3;

export class Theatre {
    readonly #findReference: (stage: Stage) => Promise<Reference>;
    #stage: { readonly engine: Engine["kind"]; readonly opened: Stage } | undefined;

    constructor(findReference: (stage: Stage) => Promise<Reference>) {
        this.#findReference = findReference;
    }

    /** @throws Error when it could not be played to its end */
    async play(life: KillLife, redraws = REDRAWS): Promise<readonly Verdict[]> {
        const { engine } = life;
        try {
            const stage = await this.#open(engine);
            const verdicts = await live(life, stage, await this.#findReference(stage));
            // What is left over would be in the way of the next life.
            if (verdicts.some(({ problems }) => problems.length > 0)) await this.close();
            return verdicts;
        } catch (error) {
            await this.close();
            if (!(error instanceof TooLate) || redraws === 0) throw error;
            return this.play(redraw(life, error.kill), redraws - 1);
        }
    }

    async close(): Promise<void> {
        const { opened } = this.#stage ?? {};
        this.#stage = undefined;
        await opened?.close();
    }

    async #open(engine: Engine["kind"]): Promise<Stage> {
        if (this.#stage?.engine !== engine) {
            await this.close();
            this.#stage = { engine, opened: await Stage.open(engine) };
        }
        return this.#stage.opened;
    }
}
