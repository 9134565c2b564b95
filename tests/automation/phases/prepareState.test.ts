import { expect } from "chai";
import type { Drift, PendingOperation, StackResource } from "../../../automation/engine/engine.ts";
import { describeError } from "../../../automation/errorReport.ts";
import { prepareState } from "../../../automation/phases/prepareState.ts";
import type { PhaseContext } from "../../../automation/phases/phase.ts";
import { createPhaseWorld, failureOf } from "../../support/phaseWorld.ts";

const BUCKET: StackResource = { urn: "urn:bucket", type: "aws:s3/bucket:Bucket", name: "bucket", custom: true, id: "b", dependencies: [], inputs: {}, outputs: {} };
const PROVIDER: StackResource = { ...BUCKET, urn: "urn:provider", type: "pulumi:providers:aws" };
const DRIFT: Drift = { urn: BUCKET.urn, type: BUCKET.type, name: BUCKET.name, kind: "changed", properties: ["tags"] };

interface Prepared {
    readonly calls: readonly string[];
    readonly drift: readonly Drift[];
    /** Prepares again, as a later phase of the same run does. */
    again(): Promise<void>;
}

async function prepare(given: { resources: readonly StackResource[]; refresh?: boolean; pending?: readonly PendingOperation[]; canLook?: boolean; found?: readonly Drift[]; accountId?: string }): Promise<Prepared> {
    const world = createPhaseWorld({});
    const { calls } = world.engine;
    Object.assign(world.engine, { resourcesNow: given.resources, pendingNow: given.pending ?? [], driftNow: given.found ?? [DRIFT] });
    const look = async (): Promise<never> => { calls.push("look"); throw new Error("looked"); };
    const context: PhaseContext = {
        ...world.context, ...(given.refresh === undefined ? {} : { refresh: given.refresh }), ...(given.canLook === false ? {} : { lookup: look }),
        ...(given.accountId === undefined ? {} : { accountId: given.accountId }),
    };
    const run = (): Promise<void> => prepareState(context).catch((error: Error) => { if (error.message !== "looked") throw error; });
    await run();
    return { calls, drift: world.reporter.events.flatMap((event) => (event.kind === "drift" ? event.drift : [])), again: run };
}

describe("the state before the first change", () => {
    it("is refreshed once a run, and what somebody changed is shown", async () => {
        const { calls, drift, again } = await prepare({ resources: [BUCKET], refresh: true });
        await again();
        expect([calls, drift]).to.deep.equal([["refresh"], [DRIFT]]);
    });

    it("is taken as it is where no refresh is asked for", async () => {
        const { calls } = await prepare({ resources: [BUCKET] });
        expect(calls).to.deep.equal([]);
    });

    it("has the account looked through when it holds nothing but providers, and is not refreshed then", async () => {
        const { calls } = await prepare({ resources: [PROVIDER], refresh: true });
        expect(calls).to.deep.equal(["look"]);
    });

    it("costs nothing when it is empty and nobody can look", async () => {
        const { calls } = await prepare({ resources: [], refresh: true, canLook: false });
        expect(calls).to.deep.equal([]);
    });

    it("of another account or region is refused before anything is looked for, refreshed or settled", async () => {
        const pending: PendingOperation = { urn: BUCKET.urn, type: BUCKET.type, name: BUCKET.name, operation: "creating", inputs: {} };
        const resources = [BUCKET, { ...BUCKET, outputs: { arn: "arn:aws:kms:eu-central-1:111122223333:key/k" } }];
        const given = { resources, pending: [pending], refresh: true };
        const elsewhere = await failureOf(prepare({ ...given, accountId: "444455556666" }));
        expect(describeError(elsewhere)).to.contain("account 111122223333").and.contain("account 444455556666").and.contain("fix:");
        const moved = { ...BUCKET, outputs: { arn: "arn:aws:kms:eu-west-1:111122223333:key/k" } };
        expect(describeError(await failureOf(prepare({ ...given, resources: [moved], accountId: "111122223333" })))).to.contain("region eu-west-1");
        expect((await prepare({ ...given, accountId: "111122223333" })).calls).to.deep.equal(["look"]);
    });

    it("that has just lost what held data stops the run, once: an up would make it anew and empty", async () => {
        const table: Drift = { urn: "urn:table", type: "aws:dynamodb/table:Table", name: "model-metadata", kind: "deleted", properties: [] };
        const given = { resources: [BUCKET], refresh: true, canLook: false };
        const failure = await failureOf(prepare({ ...given, found: [DRIFT, table] }));
        expect(describeError(failure)).to.contain("model-metadata").and.contain("docs/restore.md").and.contain("adopt --stack dev");
        expect((await prepare({ ...given, found: [DRIFT, { ...table, type: "aws:cloudwatch/metricAlarm:MetricAlarm" }] })).drift).to.have.length(2);
    });

    it("has what a killed run began looked for first, whatever else it holds", async () => {
        const pending: PendingOperation = { urn: BUCKET.urn, type: BUCKET.type, name: BUCKET.name, operation: "creating", inputs: {} };
        const { calls } = await prepare({ resources: [BUCKET], refresh: true, pending: [pending] });
        expect(calls).to.deep.equal(["look"]);
    });
});
