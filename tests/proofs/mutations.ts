/**
 * Break it on purpose: takes one permission or one protection out of the program at a time, and something must go red.
 *
 * Three judges, in order of cost: preflight, the unit tests, the rehearsal. A statement is shown to all three, because a unit test
 * may merely repeat what the program says, while the rehearsal needs it; a protection is done with when the first judge sees it.
 */
import { createHash } from "node:crypto";
import { findMutations } from "./mutations/cases.ts";
import { buildOutcome } from "./mutations/judgement.ts";
import type { Mutation } from "./mutations/mutation.ts";
import { expectFaultless, judgePlan, recordStackPlans } from "./mutations/planLayer.ts";
import type { StackPlans } from "./mutations/planLayer.ts";
import { RehearsalLayer } from "./mutations/rehearsalLayer.ts";
import { UnitLayer } from "./mutations/unitLayer.ts";
import type { Outcome, Proof } from "./proof.ts";

/** Share of the single actions of a statement that the rehearsal is asked about; the statement as a whole always is. */
const ACTIONS_IN_REHEARSAL = 0.1;

export interface MutationCase {
    readonly mutation: Mutation;
    /** Whether the rehearsal is asked even when another judge has seen it. */
    readonly isRehearsed: boolean;
}

/** By its own id: whatever else the program gets or loses, the same actions are drawn. */
function isDrawn({ id }: Mutation, seed: number): boolean {
    return createHash("sha256").update(`${seed} ${id}`).digest().readUInt32BE() / 2 ** 32 < ACTIONS_IN_REHEARSAL;
}

class MutationProof implements Proof<MutationCase> {
    readonly name = "mutations";
    readonly code = [
        "components/**/*.ts", "index.ts", "Pulumi.dev.yaml", "Pulumi.staging.yaml",
        "automation/preflight/**/*.ts", "automation/rehearsal/cloud/**/*.py", "tests/proofs/mutations/*.ts",
    ];
    readonly keepsAll = true;
    #plans: Promise<StackPlans> | undefined;
    #unit: Promise<UnitLayer> | undefined;
    readonly #rehearsal = new RehearsalLayer();

    async describe(): Promise<Readonly<Record<string, string>>> {
        const judges = "preflight on the mutated plan; unit tests with the mutation in what they record; the rehearsal, where it acts";
        return { node: process.version, judges };
    }

    unavailable(): undefined {
        return undefined;
    }

    async cases(seed: number): Promise<readonly MutationCase[]> {
        return findMutations(await this.#recordedPlans()).map((mutation) => ({
            mutation, isRehearsed: mutation.kind === "statement" || (mutation.kind === "action" && isDrawn(mutation, seed)),
        }));
    }

    idOf({ mutation }: MutationCase): string {
        return mutation.id;
    }

    async run({ mutation, isRehearsed }: MutationCase): Promise<Outcome> {
        const [preflight, unit, asked] = await Promise.all([
            this.#recordedPlans().then((plans) => judgePlan(plans, mutation)),
            (this.#unit ??= UnitLayer.start()).then((layer) => layer.judge(mutation)),
            isRehearsed ? this.#rehearsal.judge(mutation) : undefined,
        ]);
        const isLeft = !isRehearsed && preflight === undefined && unit === undefined;
        const rehearsal = isLeft ? await this.#rehearsal.judge(mutation) : asked;
        return buildOutcome(mutation, {
            preflight, unit, rehearsal, asked: ["preflight", "unit", ...(isRehearsed || isLeft ? ["rehearsal" as const] : [])],
        });
    }

    async close(): Promise<void> {
        (await this.#unit)?.close();
        await this.#rehearsal.close();
    }

    async #recordedPlans(): Promise<StackPlans> {
        return this.#plans ??= recordStackPlans().then(async (plans) => {
            await expectFaultless(plans);
            return plans;
        });
    }
}

export const mutationProof: Proof<MutationCase> = new MutationProof();
