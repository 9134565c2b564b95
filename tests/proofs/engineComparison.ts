/**
 * The embedded engine against the real one: the same generated programs, the same edits, each into a cloud of its own; after every
 * run what was done and what the state holds must be the same. A case is one stack with its programs and all that becomes of them.
 */
import { execFileSync } from "node:child_process";
import { createCases } from "./engineComparison/cases.ts";
import type { CaseKind, CaseStep, ComparisonCase } from "./engineComparison/cases.ts";
import { compareObservations } from "./engineComparison/observation.ts";
import type { Observation } from "./engineComparison/observation.ts";
import { Sandbox } from "./engineComparison/sandbox.ts";
import type { Outcome, Proof } from "./proof.ts";

let sandbox: Promise<Sandbox> | undefined;

function findCliVersion(): string | undefined {
    try {
        return execFileSync("pulumi", ["version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } }).trim();
    } catch {
        return undefined;
    }
}

/** A kind counts for a program only where the real engine did to its resources what the kind is about. */
function hasHappened(kind: CaseKind, real: Observation, names: ReadonlySet<string>): boolean {
    const did = (operation: string): boolean => real.operations.some((done) => done.startsWith(`${operation} `) && names.has(done.slice(done.lastIndexOf("::") + 2)));
    switch (kind) {
        case "create": return did("create");
        case "update": return did("update");
        case "replace":
        case "replaceOnChanges":
        case "deleteBeforeReplace": return did("replace");
        case "remove":
        case "destroy": return did("delete");
        case "deletedWith": return did("delete") || did("replace");
        case "retainOnDelete": return did("retain") || did("replace");
        case "protect":
        case "failure":
        case "programError": return real.failed;
        default: return !real.failed;
    }
}

/** Kinds of every program of the stack, each once per program, and `program` for each of them. */
async function runCase({ id, programs, steps }: ComparisonCase): Promise<Outcome> {
    sandbox ??= Sandbox.create();
    const box = await sandbox;
    await box.reset();
    const seen = Array.from({ length: programs }, () => new Set<string>(["program"]));
    let before: Observation["state"] = [];
    for (const [index, step] of steps.entries()) {
        const [real, embedded] = await runStep(box, step);
        for (const [member, { kinds, names }] of step.claims.entries()) {
            for (const kind of kinds) if (hasHappened(kind, real, names)) seen[member]?.add(kind);
        }
        const differences = compareObservations(real, embedded, before);
        before = real.state;
        if (differences.length > 0) return { id, passed: false, detail: `run ${index + 1} of ${steps.length}: ${differences.join("; ")}`, kinds: [] };
    }
    return { id, passed: true, detail: `${programs} programs, ${steps.length} runs`, kinds: seen.flatMap((kinds) => [...kinds]) };
}

function runStep(box: Sandbox, step: CaseStep): Promise<[Observation, Observation]> {
    return Promise.all([box.runReal(step), box.runEmbedded(step)]);
}

export const engineProof: Proof<ComparisonCase> = {
    name: "engine",
    code: ["automation/engine/embedded/*.ts", "automation/engine/provider.ts", "automation/engine/providerPlugin.ts", "automation/engine/providerPlugin/*.ts",
        "tests/proofs/engineComparison.ts", "tests/proofs/engineComparison/**/*.ts", "tests/support/embeddedMemoryProvider.ts"],
    async describe() {
        return { engine: `pulumi ${findCliVersion() ?? "unknown"}` };
    },
    unavailable() {
        return findCliVersion() === undefined ? "there is no Pulumi CLI on PATH" : undefined;
    },
    cases: createCases,
    idOf: ({ id }) => id,
    run: runCase,
    async close() {
        (await sandbox)?.remove();
        sandbox = undefined;
    },
};
