/** One rehearsal that is broken and mended again and again. */
import type { InputTransformation } from "../../engine/embedded/inputTransformation.ts";
import type { Plan } from "../../engine/engine.ts";
import type { Phase, PhaseContext } from "../../phases/phase.ts";
import { phases } from "../../phases/phases.ts";
import { runPhases } from "../../phases/runPhases.ts";
import { trainPhase } from "../../phases/train.ts";
import { upPhase } from "../../phases/up.ts";
import { CHECKS } from "../../phases/verification/checks.ts";
import { createVerifyPhase } from "../../phases/verify.ts";
import { gatherEvidence } from "../../preflight/gathering/gatherEvidence.ts";
import type { Plans } from "../../preflight/rule.ts";
import { runPreflight } from "../../preflight/runPreflight.ts";
import type { DriverEvent } from "../../progress/reporter.ts";
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
    /** `broken`: an up came to its end, with something that was changed on purpose. Any up that follows puts it right. */
    #stack: "absent" | "broken" | "sound" = "absent";
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
        // They are recorded once, by whoever asks first: before anything is changed.
        const plans = await this.world.rehearsal.context.recordPlans();
        this.#note([`${broken.id}: ${broken.what}`]);
        this.#changes.current = broken.transformInputs;
        await broken.inject?.(this.world);
        const finding = await this.#findByRule(broken, plans);
        this.#note(renderPrevention(finding));
        const failure = await this.#goOn(broken);
        await this.#mend(broken);
        const outcome = judge(broken, { finding, failure });
        this.#note(renderOutcome(outcome));
        return outcome;
    }

    /** Leaves nothing behind; the names of what it finds all the same. */
    async tearDown(): Promise<readonly string[]> {
        const { rehearsal } = this.world;
        await rehearsal.tearDown();
        return rehearsal.cloud.inventory();
    }

    #note(lines: readonly string[]): void {
        for (const message of lines) this.world.rehearsal.context.reporter.report({ kind: "note", message });
    }

    async #prepare(broken: Break): Promise<void> {
        const { context } = this.world.rehearsal;
        if (broken.needs === "nothing") return;
        const willTrain = broken.needs === "model" && !this.#isTrained;
        const bringsUp = phasesUntil(broken).some(({ name }, index) => index === 0 && (name === "up" || name === "enable-endpoints"));
        if (this.#stack === "absent" || (this.#stack === "broken" && (willTrain || !bringsUp))) {
            await runPhases([upPhase], context);
            this.#stack = "sound";
        }
        if (!willTrain) return;
        await runPhases([trainPhase], context);
        this.#isTrained = true;
    }

    /** The finding of the rule that would have stopped this. */
    async #findByRule({ id, transformInputs }: Break, plans: Plans): Promise<BreakOutcome["finding"]> {
        const { context } = this.world.rehearsal;
        const recordPlans = async (): Promise<Plans> => changePlans(plans, transformInputs);
        const result = await runPreflight(await gatherEvidence({ ...context, recordPlans }));
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
        if (broken.transformInputs === undefined) this.#stack = "sound";
        if (broken.stopsAt !== "audit") return undefined;
        const audit = broken.audit ?? auditRoles;
        return audit(this.world).then(() => undefined, (error: unknown): ObservedFailure => ({ phase: "audit", error }));
    }

    async #mend(broken: Break): Promise<void> {
        this.#changes.current = undefined;
        if (broken.transformInputs !== undefined && await this.#isDeployed()) this.#stack = "broken";
        await broken.heal?.(this.world);
    }

    /** Whether an up came to its end, now or before. */
    async #isDeployed(): Promise<boolean> {
        return Object.keys(await this.world.rehearsal.engine.outputs()).length > 0;
    }
}

/** From the first that can show it, up to and with the one where it should break. */
function phasesUntil({ needs, from = needs === "nothing" ? "up" : "enable-endpoints", stopsAt, checks }: Break): readonly Phase[] {
    if (stopsAt === "audit") return [upPhase];
    const positionOf = (wanted: string): number => phases.findIndex(({ name }) => name === wanted);
    const selected = phases.slice(positionOf(from), positionOf(stopsAt) + 1);
    if (checks === undefined) return selected;
    const verify = createVerifyPhase(CHECKS.filter(({ name }) => checks.includes(name)));
    return selected.map((phase) => (phase.name === verify.name ? verify : phase));
}

/**
 * The program is the same but for some inputs, so its graphs need not be recorded anew: what is changed shows in them, what follows from
 * it in other resources does not.
 */
function changePlans({ asIs, endpointsOn }: Plans, transform: InputTransformation | undefined): Plans {
    if (transform === undefined) return { asIs, endpointsOn };
    const change = ({ resources, counts }: Plan): Plan => ({
        counts,
        resources: resources.map((each) => (each.custom ? { ...each, inputs: transform(each, each.inputs) } : each)),
    });
    return { asIs: change(asIs), endpointsOn: change(endpointsOn) };
}
