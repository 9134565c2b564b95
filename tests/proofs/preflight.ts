/**
 * Each rule of the preflight finds what it is there for: for every rule with a check something is made wrong in the real program, its
 * configuration, an artifact or the account's answers, and preflight must find it once, in its place, and nothing else.
 *
 * All of it as data: in what was recorded of the program. Ten rules that the seed draws also end to end: by the command itself, on a copy
 * of the project.
 */
import type { Evidence } from "../../automation/preflight/rule.ts";
import { preflightMutations } from "./preflight/cases.ts";
import { CommandLayer } from "./preflight/commandLayer.ts";
import type { CommandMutation } from "./preflight/commandLayer.ts";
import { applyAll, judgeData, judgeUndisturbed, undisturbed } from "./preflight/dataLayer.ts";
import type { Undisturbed } from "./preflight/dataLayer.ts";
import { findInputChanges } from "./preflight/inputChanges.ts";
import type { Verdict } from "./preflight/judgement.ts";
import { nameMutation, stackOf } from "./preflight/mutation.ts";
import type { PreflightMutation } from "./preflight/mutation.ts";
import { Recorded } from "./preflight/recorded.ts";
import { drawSample } from "./proof.ts";
import type { Outcome, Proof } from "./proof.ts";

/** Rules that are tried on the command itself. */
export const RULES_END_TO_END = 10;

export type PreflightCase =
    | { readonly kind: "undisturbed"; readonly case: Undisturbed }
    | { readonly kind: "as data"; readonly mutation: PreflightMutation }
    | { readonly kind: "end to end"; readonly mutation: PreflightMutation; readonly how: CommandMutation };

export function idOfCase(one: PreflightCase): string {
    return one.kind === "undisturbed" ? `undisturbed: ${one.case.words}` : `${nameMutation(one.mutation)} (${one.kind})`;
}

export class PreflightProof implements Proof<PreflightCase> {
    readonly name = "preflight";
    readonly keepsAll = true;
    readonly code = [
        "components/**/*.ts", "index.ts", "Pulumi.dev.yaml", "Pulumi.staging.yaml", "automation/preflight/**/*.ts", "tests/proofs/preflight/**/*.ts", "tests/proofs/preflight.ts",
    ];
    #recorded: Promise<Recorded> | undefined;
    #command: CommandLayer | undefined;

    async describe(): Promise<Readonly<Record<string, string>>> {
        return { node: process.version, judges: "all rules on the recorded plans with an account that has room; the command, offline, on a copy of the project" };
    }

    unavailable(): undefined {
        return undefined;
    }

    async cases(seed: number): Promise<readonly PreflightCase[]> {
        return [
            ...undisturbed.map((each): PreflightCase => ({ kind: "undisturbed", case: each })),
            ...preflightMutations.map((mutation): PreflightCase => ({ kind: "as data", mutation })),
            ...await this.drawCommands(seed, RULES_END_TO_END),
        ];
    }

    /** One mutation of each of so many rules, of those that can be done to the command. */
    async drawCommands(seed: number, count: number): Promise<readonly PreflightCase[]> {
        const able = await Promise.all(preflightMutations.map(async (mutation) => ({ mutation, how: await this.#findCommand(mutation) })));
        const possible = able.flatMap(({ mutation, how }) => (how === undefined ? [] : [{ kind: "end to end" as const, mutation, how }]));
        const rules = [...new Set(possible.map(({ mutation }) => mutation.rule))];
        return drawSample(rules, count, seed).flatMap((rule) => drawSample(possible.filter(({ mutation }) => mutation.rule === rule), 1, seed));
    }

    idOf(one: PreflightCase): string {
        return idOfCase(one);
    }

    async run(one: PreflightCase): Promise<Outcome> {
        const { passed, detail } = await this.#judge(one).catch((error: unknown): Verdict => ({ passed: false, detail: String(error) }));
        const about = one.kind === "undisturbed" ? [] : [one.mutation.rule];
        return { id: idOfCase(one), passed, detail, kinds: [one.kind, ...about] };
    }

    async close(): Promise<void> {
        this.#command?.close();
        this.#command = undefined;
    }

    async #judge(one: PreflightCase): Promise<Verdict> {
        if (one.kind === "undisturbed") return judgeUndisturbed(await this.#plans(), one.case);
        if (one.kind === "as data") return judgeData(await this.#plans(), one.mutation);
        return (this.#command ??= new CommandLayer()).judge(one.mutation, one.how);
    }

    /** Undefined for what only the data can hold: the account's answers, models, resources that are there or not. */
    async #findCommand(mutation: PreflightMutation): Promise<CommandMutation | undefined> {
        if (mutation.command === "refused") return undefined;
        if (mutation.command !== undefined) return { kind: "around", change: mutation.command };
        if (mutation.occasion === "deployed") return undefined;
        const before = await (await this.#plans()).evidence(stackOf(mutation), "first");
        const { evidence: { plans: _plans, ...rest }, graphs } = await applyAll(before, mutation.edits);
        const isOfPlanAlone = Object.entries(rest).every(([part, value]) => before[part as keyof Evidence] === value);
        if (before.plans === undefined || !isOfPlanAlone) return undefined;
        const changes = findInputChanges(before.plans, graphs);
        return changes === undefined || changes.length === 0 ? undefined : { kind: "inputs", changes };
    }

    async #plans(): Promise<Recorded> {
        return this.#recorded ??= Recorded.record();
    }
}

export const preflightProof = new PreflightProof();
