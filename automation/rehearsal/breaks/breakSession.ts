/** One rehearsal that is broken and mended again and again. */
import type { InputTransformation } from "../../engine/embedded/deployment.ts";
import type { Phase, PhaseContext } from "../../phases/phase.ts";
import { phases, runPhases } from "../../phases/phases.ts";
import { teardownPhase } from "../../phases/teardown.ts";
import { trainPhase } from "../../phases/train.ts";
import { upPhase } from "../../phases/up.ts";
import { gatherEvidence } from "../../preflight/evidence.ts";
import { runPreflight } from "../../preflight/runPreflight.ts";
import type { DriverEvent } from "../../reporter.ts";
import { startRehearsal } from "../rehearsal.ts";
import type { RehearsalOptions } from "../rehearsal.ts";
import { auditRoles } from "./auditRoles.ts";
import type { Break } from "./break.ts";
import { BreakWorld } from "./breakWorld.ts";
import type { BreakOutcome, ObservedFailure } from "./outcome.ts";
import { judge, renderOutcome, renderPrevention } from "./outcome.ts";

/** End it with `tearDown`, then close the world's rehearsal. */
export class BreakSession {
    readonly world: BreakWorld;
    readonly #changes: { current: InputTransformation | undefined };
    /** Whether an up came to its end. A policy that was changed on purpose is put right by any up that follows. */
    #isUp = false;
    #isTrained = false;

    static async start(options: RehearsalOptions): Promise<BreakSession> {
        const changes: { current: InputTransformation | undefined } = { current: undefined };
        const transformInputs: InputTransformation = (resource, inputs) => changes.current?.(resource, inputs) ?? inputs;
        return new BreakSession(new BreakWorld(await startRehearsal({ ...options, transformInputs }), options.python), changes);
    }

    private constructor(world: BreakWorld, changes: { current: InputTransformation | undefined }) {
        this.world = world;
        this.#changes = changes;
    }

    async rehearse(broken: Break): Promise<BreakOutcome> {
        await this.#prepare(broken);
        this.#note([`${broken.id}: ${broken.what}`]);
        this.#changes.current = broken.transformInputs;
        await broken.inject?.(this.world);
        const finding = await this.#findByRule(broken);
        this.#note(renderPrevention(finding));
        const failure = await this.#goOn(broken);
        await this.#mend(broken);
        const outcome = judge(broken, { finding, failure });
        this.#note(renderOutcome(outcome));
        return outcome;
    }

    /** Leaves nothing behind; the names of what it finds all the same. */
    async tearDown(): Promise<readonly string[]> {
        const { context, cloud } = this.world.rehearsal;
        await this.world.rehearsal.liftDataProtection();
        await runPhases([teardownPhase], context);
        return cloud.inventory();
    }

    #note(lines: readonly string[]): void {
        for (const message of lines) this.world.rehearsal.context.reporter.report({ kind: "note", message });
    }

    async #prepare({ needs }: Break): Promise<void> {
        const { context } = this.world.rehearsal;
        if (needs !== "nothing" && !this.#isUp) {
            await runPhases([upPhase], context);
            this.#isUp = true;
        }
        if (needs === "model" && !this.#isTrained) {
            await runPhases([trainPhase], context);
            this.#isTrained = true;
        }
    }

    /** The finding of the rule that would have stopped this. */
    async #findByRule({ id, transformInputs }: Break): Promise<BreakOutcome["finding"]> {
        const { rehearsal } = this.world;
        // A change of the program shows in its plan; what is wrong in the account needs no new one.
        const recordPlans = transformInputs !== undefined ? rehearsal.recordPlans : rehearsal.context.recordPlans;
        const result = await runPreflight(await gatherEvidence({ ...rehearsal.context, recordPlans }));
        return result.findings.find((finding) => finding.id === id);
    }

    async #goOn(broken: Break): Promise<ObservedFailure | undefined> {
        const { context: sound } = this.world.rehearsal;
        // What preflight finds is told once, with the outcome.
        const report = (event: DriverEvent): void => void (event.kind === "preflight" || sound.reporter.report(event));
        const context: PhaseContext = { ...sound, toleratedRules: [broken.id], reporter: { report } };
        for (const phase of phasesUntil(broken)) {
            try {
                await runPhases([phase], context);
            } catch (error) {
                context.signal.throwIfAborted();
                return { phase: phase.name, error };
            }
        }
        this.#isUp = true;
        if (broken.stopsAt !== "audit") return undefined;
        return (broken.audit ?? auditRoles)(this.world).then(() => undefined, (error: unknown): ObservedFailure => ({ phase: "audit", error }));
    }

    async #mend(broken: Break): Promise<void> {
        this.#changes.current = undefined;
        // What was deployed broken is put right by the next up.
        if (broken.transformInputs !== undefined) this.#isUp = false;
        await broken.heal?.(this.world);
        if (broken.stopsAt === "enable-endpoints") await this.world.removeEndpoint();
    }
}

/** From the first that can show it, up to and with the one where it should break. */
function phasesUntil({ needs, from = needs === "nothing" ? "up" : "enable-endpoints", stopsAt }: Break): readonly Phase[] {
    const positionOf = (wanted: string): number => phases.findIndex(({ name }) => name === wanted);
    return stopsAt === "audit" ? [upPhase] : phases.slice(positionOf(from), positionOf(stopsAt) + 1);
}
