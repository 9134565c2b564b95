/** A stack of the memory provider and an engine on the real CLI, for the tests of a suite. */
import { setTimeout as sleep } from "node:timers/promises";
import type { PulumiEngine } from "../../automation/engine/pulumi.ts";
import { createPulumiTestStack } from "./pulumiStack.ts";
import type { PulumiTestStack } from "./pulumiStack.ts";

const URN = "urn:pulumi:test::fixture::";
export const ROOT = `${URN}pulumi:pulumi:Stack::fixture-test`;
export const GROUP = `${URN}memory:index:Group::g`;
/** A thing in the group. */
export const INNER = `${URN}memory:index:Group$memory:index/thing:Thing::inner`;
export const THING = "memory:index/thing:Thing";
export const WAIT_LIMIT_MS = 60_000;

/** There from the first test on; the engine is another in each. */
export interface EngineStage {
    readonly stack: PulumiTestStack;
    readonly engine: PulumiEngine;
}

/** Called within a suite: makes the stack before its tests, and empties it after each. */
export function stageEngine(): EngineStage {
    const stage = {} as { stack: PulumiTestStack; engine: PulumiEngine };
    before(async () => { stage.stack = await createPulumiTestStack(); });
    beforeEach(async () => {
        stage.stack.cloud.options = {};
        stage.engine = await stage.stack.open();
    });
    afterEach(async () => {
        const { stack: { cloud }, engine } = stage;
        cloud.options = {};
        await engine.clearLocks();
        await engine.destroy();
        cloud.stored.clear();
        cloud.takeLog();
    });
    after(() => stage.stack.remove());
    return stage;
}

/** Of a thing without a parent. */
export function urnOfThing(name: string): string {
    return `${URN}${THING}::${name}`;
}

/** Looks until there is something. @throws Error after a minute */
export async function waitFor<Value>(find: () => Promise<Value | undefined>): Promise<Value> {
    const endsAt = Date.now() + WAIT_LIMIT_MS;
    for (;;) {
        const found = await find();
        if (found !== undefined) return found;
        if (Date.now() > endsAt) throw new Error("it did not happen in time");
        await sleep(20);
    }
}

/** What the work fails with. @throws Error when it does not fail */
export async function errorOf(work: Promise<unknown>): Promise<Error> {
    const failed = await work.then(() => undefined, (error: unknown) => error as Error);
    if (failed === undefined) throw new Error("it did not fail");
    return failed;
}
