/**
 * The third judge, and the one that counts: the rehearsal itself, with something missing.
 *
 * Most mutations are of a role's policy. They are put into a stack that is already there, by the same handler that deploys them; then
 * the phases in which that role acts are run, and the policy is put back. What counts when things are created or destroyed gets a
 * cloud and a stack of its own, from the first phase to the teardown.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { StackResource } from "../../../automation/engine/engine.ts";
import { readOutputs, writeParameter } from "../../../automation/outputs.ts";
import { enableEndpointsPhase } from "../../../automation/phases/enableEndpoints.ts";
import type { Phase, PhaseContext } from "../../../automation/phases/phase.ts";
import { PhaseError } from "../../../automation/phases/phaseError.ts";
import { runPhases } from "../../../automation/phases/phases.ts";
import { teardownPhase } from "../../../automation/phases/teardown.ts";
import { trainPhase } from "../../../automation/phases/train.ts";
import { upPhase } from "../../../automation/phases/up.ts";
import { verifyPhase } from "../../../automation/phases/verify.ts";
import type { UsageRecord } from "../../../automation/rehearsal/cloud/cloud.ts";
import { startRehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { readStackSettings } from "../../../automation/stackSettings.ts";
import { PROJECT_FOLDER } from "../proof.ts";
import { mutateInputs } from "./mutation.ts";
import type { Mutation } from "./mutation.ts";
import { STACK } from "./planLayer.ts";

/** When a role acts: for answers, for the endpoint's birth, or for the training pipeline. */
type Stage = "answering" | "serving" | "training";

const STAGES: Readonly<Record<string, Stage>> = { "inference-policy": "answering", "health-policy": "answering", "serving-policy": "serving" };
/** Step Functions tries out this role when the state machine is created. */
const TRIED_OUT_AT_CREATION = ["pipeline-policy"];
const ANSWERING_FUNCTIONS = ["inference-function", "health-function"];
/** Rows of the shipped data: enough for the metric's floor, few enough for a second of training. */
const ROWS = 1500;
/** Much longer than a rehearsal takes. */
const LIMIT_MS = 240_000;

export class RehearsalLayer {
    readonly #folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-mutations-"));
    readonly #dataFile = path.join(this.#folder, "data.csv");
    #python: string | undefined;
    #base: Rehearsal | undefined;
    /** Taken out while the base stack is brought up. */
    #current: Mutation | undefined;
    #isServing = false;
    #runs = 0;

    /** The phase that fails with the mutation and its words, or undefined when all is as if nothing were missing. */
    async judge(mutation: Mutation): Promise<string | undefined> {
        if (mutation.type !== "aws:iam/rolePolicy:RolePolicy") return this.judgeFresh(mutation);
        const base = await this.#startBase();
        const stage = STAGES[mutation.resource] ?? "training";
        const words = stage === "serving" ? await this.#judgeServing(base, mutation) : await this.#judgeInPlace(base, mutation, stage);
        if (words === undefined && TRIED_OUT_AT_CREATION.includes(mutation.resource)) return this.judgeFresh(mutation);
        return words;
    }

    async close(): Promise<void> {
        await this.#base?.close({ keepFiles: false });
        rmSync(this.#folder, { recursive: true, force: true });
    }

    /** In a cloud and a stack of its own. */
    async judgeFresh(mutation: Mutation): Promise<string | undefined> {
        const rehearsal = await this.#start(() => mutation);
        try {
            return await this.#attempt(rehearsal, [upPhase, trainPhase, enableEndpointsPhase, verifyPhase, teardownPhase]);
        } finally {
            await rehearsal.close({ keepFiles: false });
        }
    }

    async #judgeInPlace(base: Rehearsal, mutation: Mutation, stage: "answering" | "training"): Promise<string | undefined> {
        if (stage === "answering") await this.#setServing(base, true);
        const resource = await findResource(base, mutation.resource, mutation.type);
        const mutated = mutateInputs(mutation, resource, resource.inputs);
        await update(base, resource, { from: resource.inputs, to: mutated });
        try {
            if (stage === "answering") await restartFunctions(base, ++this.#runs);
            return await this.#attempt(base, [stage === "answering" ? verifyPhase : trainPhase]);
        } finally {
            await update(base, resource, { from: mutated, to: resource.inputs });
        }
    }

    /** The endpoint's role exists with the endpoint alone. */
    async #judgeServing(base: Rehearsal, mutation: Mutation): Promise<string | undefined> {
        await this.#setServing(base, false);
        this.#current = mutation;
        try {
            return await this.#attempt(base, [enableEndpointsPhase, verifyPhase]);
        } finally {
            this.#current = undefined;
            this.#isServing = true;
            await this.#setServing(base, false).catch(() => this.#dropBase());
        }
    }

    /** A stack that cannot be brought back to where it was judges nothing any more; the next mutation gets a new one. */
    async #dropBase(): Promise<void> {
        await this.#base?.close({ keepFiles: false });
        this.#base = undefined;
        this.#isServing = false;
    }

    async #setServing({ context }: Rehearsal, isServing: boolean): Promise<void> {
        if (this.#isServing === isServing) return;
        const { parameterPath } = await readOutputs(context.engine);
        await writeParameter(context.aws, `${parameterPath}/switch`, isServing ? "on" : "off");
        await runPhases([upPhase], context);
        this.#isServing = isServing;
    }

    /** @throws Error when the rehearsal fails without any mutation: then it would prove nothing. */
    async #startBase(): Promise<Rehearsal> {
        if (this.#base !== undefined) return this.#base;
        const base = await this.#start(() => this.#current);
        const words = await this.#attempt(base, [upPhase, trainPhase, enableEndpointsPhase, verifyPhase]);
        if (words !== undefined) {
            await base.close({ keepFiles: false });
            throw new Error(`the rehearsal fails as it is, so it cannot judge: ${words}`);
        }
        this.#isServing = true;
        return this.#base = base;
    }

    async #start(current: () => Mutation | undefined): Promise<Rehearsal> {
        this.#python ??= (await preparePythonEnvironment({ folder: PROJECT_FOLDER, onProgress: () => {} })).python;
        return startRehearsal({
            projectFolder: PROJECT_FOLDER, settings: await readStackSettings(PROJECT_FOLDER, STACK), dataFile: this.#dataFile, python: this.#python,
            reporter: { report: () => {} }, signal: new AbortController().signal,
            transformInputs: (resource, inputs) => {
                const mutation = current();
                return mutation === undefined ? inputs : mutateInputs(mutation, resource, inputs);
            },
        });
    }

    /** Data that was never seen before, so that a run of its own starts. */
    async #attempt(rehearsal: Rehearsal, phases: readonly Phase[]): Promise<string | undefined> {
        const [header, ...rows] = readFileSync(path.join(PROJECT_FOLDER, "data", "customer-churn.csv"), "utf8").trim().split("\n");
        writeFileSync(this.#dataFile, [header, ...rows.slice(this.#runs++ % 1000).slice(0, ROWS), ""].join("\n"));
        const context: PhaseContext = { ...rehearsal.context, signal: AbortSignal.timeout(LIMIT_MS) };
        const before = await rehearsal.cloud.usage();
        try {
            await runPhases(phases, context);
            return describeDenial(before, await rehearsal.cloud.usage());
        } catch (error) {
            return describeFailure(error);
        }
    }
}

/** `train: ` and what went wrong there. */
function describeFailure(error: unknown): string {
    if (!(error instanceof PhaseError)) throw error;
    const { phase, cause } = error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return `${phase}: ${reason.split("\n")[0] ?? ""}`;
}

/** A rehearsal in which nothing is missing has no denied call, so one is as good as a failure: a function without its log works on. */
function describeDenial(before: readonly UsageRecord[], after: readonly UsageRecord[]): string | undefined {
    const known = new Map(before.map((record) => [keyOf(record), record.count]));
    const denied = after.find((record) => !record.allowed && record.count !== known.get(keyOf(record)));
    return denied === undefined ? undefined : `calls: ${denied.principal} was denied ${denied.action} on ${denied.resource}`;
}

function keyOf({ action, resource, principal, allowed }: UsageRecord): string {
    return JSON.stringify([action, resource, principal, allowed]);
}

async function findResource({ engine }: Rehearsal, name: string, type: string): Promise<StackResource> {
    const found = (await engine.resources()).find((resource) => resource.name === name && resource.type === type);
    if (found === undefined) throw new Error(`${name} is not in the stack, so nothing can be taken out of it`);
    return found;
}

type Inputs = StackResource["inputs"];

async function update({ provider }: Rehearsal, resource: StackResource, { from, to }: { from: Inputs; to: Inputs }): Promise<void> {
    const handler = provider.resources.get(resource.type);
    if (handler?.update === undefined || resource.id === undefined) throw new Error(`${resource.name} cannot be changed in place`);
    const { urn, name, id, outputs } = resource;
    await handler.update({ urn, name, id, inputs: to, oldInputs: from, oldOutputs: outputs });
}

/** A function that has answered before knows the model by heart, and would not need its permissions again. */
async function restartFunctions(rehearsal: Rehearsal, run: number): Promise<void> {
    for (const name of ANSWERING_FUNCTIONS) {
        const resource = await findResource(rehearsal, name, "aws:lambda/function:Function");
        await update(rehearsal, resource, { from: resource.inputs, to: { ...resource.inputs, description: `Restart ${run}` } });
    }
}
