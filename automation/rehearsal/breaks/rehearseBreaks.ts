/**
 * Failures on demand. Each is injected into one shared rehearsal; preflight says which rule would have stopped it; then the run goes on
 * for that one rule, until the phase breaks with the message that a person would have met on AWS.
 */
import { OperatorError } from "../../errors.ts";
import type { InputTransformation } from "../../engine/embedded/deployment.ts";
import type { Phase, PhaseContext } from "../../phases/phase.ts";
import { phases, runPhases } from "../../phases/phases.ts";
import { teardownPhase } from "../../phases/teardown.ts";
import { upPhase } from "../../phases/up.ts";
import { trainPhase } from "../../phases/train.ts";
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
import { broken as F01 } from "./F01.ts";
import { broken as F02 } from "./F02.ts";
import { broken as F03 } from "./F03.ts";
import { broken as F05 } from "./F05.ts";
import { broken as F06 } from "./F06.ts";
import { broken as F08 } from "./F08.ts";
import { broken as F09 } from "./F09.ts";
import { broken as F10 } from "./F10.ts";

/** In the order in which they are rehearsed: what needs least comes first, and what leaves an endpoint behind comes last. */
export const BREAKS: readonly Break[] = [F05, F06, F10, F02, F01, F03, F08, F09];

/** The failures of these ids, or all for `ALL`. @throws OperatorError for an id that cannot be rehearsed. */
export function selectBreaks(ids: readonly string[]): readonly Break[] {
    const known = BREAKS.map(({ id }) => id as string).sort();
    const unknown = ids.filter((id) => id !== "ALL" && !known.includes(id));
    if (unknown.length > 0) throw new OperatorError(`--break: ${unknown.join(", ")} cannot be rehearsed`, `choose of ${known.join(", ")}, or all`);
    return BREAKS.filter(({ id }) => ids.includes(id) || ids.includes("ALL"));
}

export interface BreaksResult {
    readonly outcomes: readonly BreakOutcome[];
    /** What still exists after the teardown. */
    readonly leftovers: readonly string[];
}

/** Rehearses the failures in one cloud, with one trained model. @throws when something else breaks than what was injected. */
export async function rehearseBreaks(selected: readonly Break[], options: RehearsalOptions): Promise<BreaksResult> {
    const session = await BreakSession.start(options);
    let isComplete = false;
    try {
        const outcomes: BreakOutcome[] = [];
        for (const broken of selected) outcomes.push(await session.rehearse(broken));
        const leftovers = await session.tearDown();
        isComplete = true;
        return { outcomes, leftovers };
    } finally {
        await session.world.rehearsal.close({ keepFiles: !isComplete && !options.signal.aborted });
    }
}

/** One rehearsal that is broken and mended again and again. */
class BreakSession {
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
    async #findByRule({ id, transformInputs, needs }: Break): Promise<BreakOutcome["finding"]> {
        const { rehearsal } = this.world;
        // A change of the program shows in its plan; what is wrong in the account needs no new one.
        const recordPlans = transformInputs !== undefined && needs === "nothing" ? rehearsal.recordPlans : rehearsal.context.recordPlans;
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
        return auditRoles(this.world).then(() => undefined, (error: unknown): ObservedFailure => ({ phase: "audit", error }));
    }

    async #mend(broken: Break): Promise<void> {
        this.#changes.current = undefined;
        await broken.heal?.(this.world);
        if (broken.stopsAt === "enable-endpoints") await this.world.removeEndpoint();
    }
}

/** Up to and with the one where it should break. */
function phasesUntil({ needs, stopsAt }: Break): readonly Phase[] {
    if (needs === "nothing") return [upPhase];
    const first = phases.findIndex(({ name }) => name === "enable-endpoints");
    return phases.slice(first, phases.findIndex(({ name }) => name === stopsAt) + 1);
}
