/**
 * The third judge, and the one that counts: the rehearsal itself, with something missing.
 *
 * A mutation is put into a stack that is already there, by the same handler that deploys it; then the stage is run in which it counts,
 * and everything is put back. Every stage has passed before in that stack, with nothing missing.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { readOutputs } from "../../../automation/outputs.ts";
import { enableEndpointsPhase } from "../../../automation/phases/enableEndpoints.ts";
import { stopRunningExecutions } from "../../../automation/phases/execution.ts";
import { PhaseError } from "../../../automation/phases/phaseError.ts";
import { runPhases } from "../../../automation/phases/runPhases.ts";
import { trainPhase } from "../../../automation/phases/train.ts";
import { upPhase } from "../../../automation/phases/up.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { startRehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import { readStackSettings } from "../../../automation/stackSettings.ts";
import { PROJECT_FOLDER } from "../proof.ts";
import { Denials } from "./denials.ts";
import { mutateInputs } from "./mutation.ts";
import type { Mutation, MutatedStack } from "./mutation.ts";
import { findOccasion } from "./occasions.ts";
import { changeWhile, findResource, makeAgain, StackEditError } from "./stackEdits.ts";
import { STAGES } from "./stages.ts";
import type { StageName, StageWorld } from "./stages.ts";

/** Rows of the shipped data: enough for the metric's floor, few enough for a second of training. */
const ROWS = 1500;
/** Much longer than any stage takes, also on a machine that is busy with other things. */
const LIMIT_MS = 240_000;
/** Until a run that goes wrong has ended by itself. */
const RUN_ENDS_MS = 10_000;

interface Base {
    readonly stack: MutatedStack;
    readonly rehearsal: Rehearsal;
    /** Stages that were seen to pass in it. */
    readonly passed: Set<StageName>;
}

export class RehearsalLayer {
    readonly #folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-mutations-"));
    readonly #dataFile = path.join(this.#folder, "data.csv");
    #base: Base | undefined;
    #runs = 0;

    /** The stage that goes wrong with the mutation and its words, or undefined when all is as if nothing were missing. */
    async judge(mutation: Mutation): Promise<string | undefined> {
        const base = await this.#startBase(mutation.stack);
        const { stage, madeAgain } = findOccasion(mutation);
        await this.#expectPass(base, stage);
        const { rehearsal } = base;
        const resource = await findResource(rehearsal, mutation.resource, mutation.type);
        const tryingOut = await Promise.all(madeAgain.map(({ name, type }) => findResource(rehearsal, name, type)));
        const denials = await Denials.watch(rehearsal.cloud);
        let words: string | undefined;
        try {
            await changeWhile(rehearsal, resource, mutateInputs(mutation, resource, resource.inputs), async () => {
                for (const each of tryingOut) await makeAgain(rehearsal, each);
                words = await this.#attempt(rehearsal, stage, denials);
                if (words !== undefined) await settle(rehearsal);
            });
        } catch (error) {
            if (error instanceof StackEditError) throw error;
            words = `make: ${describeError(error)}`;
        }
        const denied = await denials.describe();
        // It may have failed for another reason: the next mutation waits until it has passed once more.
        if (denied === undefined && words !== undefined) base.passed.delete(stage);
        return words ?? (denied === undefined ? undefined : `${stage}: ${denied}`);
    }

    /** In a cloud of its own: the phase that fails, when the mutation is there from the beginning. */
    async judgeFresh(mutation: Mutation): Promise<string | undefined> {
        const rehearsal = await this.#start(mutation.stack, mutation);
        try {
            this.#writeData();
            await runPhases([upPhase, trainPhase, enableEndpointsPhase], rehearsal.context);
            return undefined;
        } catch (error) {
            return `${error instanceof PhaseError ? error.phase : "rehearsal"}: ${describeError(error)}`;
        } finally {
            await rehearsal.close({ keepFiles: false });
        }
    }

    async close(): Promise<void> {
        await this.#base?.rehearsal.close({ keepFiles: false });
        rmSync(this.#folder, { recursive: true, force: true });
    }

    async #startBase(stack: MutatedStack): Promise<Base> {
        if (this.#base?.stack === stack) return this.#base;
        await this.#base?.rehearsal.close({ keepFiles: false });
        const rehearsal = await this.#start(stack);
        this.#base = { stack, rehearsal, passed: new Set() };
        this.#writeData();
        await runPhases([upPhase, trainPhase, enableEndpointsPhase], rehearsal.context);
        return this.#base;
    }

    /** @throws Error when the stage fails without any mutation: then it would prove nothing. */
    async #expectPass({ rehearsal, passed }: Base, stage: StageName): Promise<void> {
        if (passed.has(stage)) return;
        const denials = await Denials.watch(rehearsal.cloud);
        const words = await this.#attempt(rehearsal, stage, denials) ?? await denials.describe();
        if (words !== undefined) throw new Error(`the rehearsal fails as it is, so it cannot judge: ${words}`);
        passed.add(stage);
    }

    async #start(stack: MutatedStack, mutation?: Mutation): Promise<Rehearsal> {
        const { python } = await preparePythonEnvironment({ folder: PROJECT_FOLDER, onProgress: () => {} });
        return startRehearsal({
            projectFolder: PROJECT_FOLDER, settings: await readStackSettings(PROJECT_FOLDER, stack), dataFile: this.#dataFile, python,
            reporter: { report: () => {} }, signal: new AbortController().signal,
            ...(mutation === undefined ? {} : { transformInputs: (resource, inputs) => mutateInputs(mutation, resource, inputs) }),
        });
    }

    /** What goes wrong in the stage, in words. */
    async #attempt(rehearsal: Rehearsal, stage: StageName, denials: Denials): Promise<string | undefined> {
        this.#writeData();
        const [ended, denied] = [new AbortController(), new AbortController()];
        const context = { ...rehearsal.context, signal: AbortSignal.any([AbortSignal.timeout(LIMIT_MS), denied.signal]) };
        const world: StageWorld = { rehearsal, context, outputs: await readOutputs(context.engine) };
        const watching = denials.stopAfterFirst(() => denied.abort(), ended.signal);
        try {
            await STAGES[stage](world);
            return undefined;
        } catch (error) {
            if (error instanceof StackEditError) throw error;
            if (denied.signal.aborted) return `${stage}: ${await denials.describe() ?? describeError(error)}`;
            return `${stage}: ${describeError(error)}`;
        } finally {
            ended.abort();
            await watching;
        }
    }

    /** Data that was never seen before, so that a run of its own starts. */
    #writeData(): void {
        const [header, ...rows] = readFileSync(path.join(PROJECT_FOLDER, "data", "customer-churn.csv"), "utf8").trim().split("\n");
        writeFileSync(this.#dataFile, [header, ...rows.slice(this.#runs++ % 1000).slice(0, ROWS), ""].join("\n"));
    }
}

/** Until no run goes on: one that does not end by itself is stopped. */
async function settle({ context }: Rehearsal): Promise<void> {
    const { stateMachineArn } = await readOutputs(context.engine);
    for (const until = Date.now() + RUN_ENDS_MS; Date.now() < until;) {
        const { executions = [] } = await context.aws.sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }));
        if (executions.length === 0) return;
        await delay(250);
    }
    await stopRunningExecutions(context, stateMachineArn);
}

/** Put by the driver before the words of engine and cloud, after what they mean. */
const OWN_WORDS = /^ *in its own words: /;

/** The cloud's own words, on one line. */
function describeError(error: unknown): string {
    const reason = error instanceof PhaseError ? error.cause : error;
    const lines = (reason instanceof Error ? reason.message : String(reason)).split("\n");
    return (lines.find((line) => OWN_WORDS.test(line)) ?? lines[0] ?? "").replace(OWN_WORDS, "");
}
