/**
 * Every resource of both stacks is found again by what was asked for it, and a lost state is put together from what exists. In the end one is
 * destroyed from the adopted state, and the other, without a state, is swept. One cloud per stack.
 */
import { rm } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { adoptStack } from "../../../automation/account/adopt.ts";
import type { AccountLookup } from "../../../automation/account/accountLookup.ts";
import { closeAccountClients } from "../../../automation/account/clients.ts";
import type { AccountClients } from "../../../automation/account/clients.ts";
import { createIdentities, stateIdOf, STATE_ONLY_TYPES } from "../../../automation/account/identities.ts";
import { listOwnedResources } from "../../../automation/account/ownedResources.ts";
import { describePending, sweepAccount } from "../../../automation/account/sweep.ts";
import type { SweepRequest, SweepResult } from "../../../automation/account/sweep.ts";
import type { StackResource } from "../../../automation/engine/engine.ts";
import { OperatorError } from "../../../automation/errors.ts";
import { enableEndpointsPhase } from "../../../automation/phases/enableEndpoints.ts";
import type { Phase } from "../../../automation/phases/phase.ts";
import { trainPhase } from "../../../automation/phases/train.ts";
import { runUp } from "../../../automation/phases/up.ts";
import { openLookup } from "../../../automation/driver/planStack.ts";
import { buildEnvironment } from "../../../automation/rehearsal/environment.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { startRehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import { createRecordingReporter } from "../../../automation/progress/reporters.ts";
import { readStackSettings, regionOf } from "../../../automation/stackSettings.ts";
import { failureOf } from "../../support/phaseWorld.ts";
import { sweepRequest } from "../../support/sweepRequest.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..", "..");
/** The rehearsal cloud has no saved queries. */
const NOT_IN_CLOUD: ReadonlySet<string> = new Set([...STATE_ONLY_TYPES, "aws:cloudwatch/queryDefinition:QueryDefinition"]);

/** One with endpoints that serve, one with a network of its own. */
const STACKS: readonly { readonly stack: string; readonly then: readonly Phase[]; readonly isSwept: boolean }[] = [
    { stack: "dev", then: [trainPhase, enableEndpointsPhase], isSwept: true },
    { stack: "staging", then: [], isSwept: false },
];

for (const { stack, then, isSwept } of STACKS) {
    describe(`the stack ${stack} in its account`, function suite() {
        this.timeout(300_000);
        const reporter = createRecordingReporter();
        let rehearsal: Rehearsal;
        let lookup: AccountLookup;
        let made: readonly StackResource[];

        before(async () => {
            const { python } = await preparePythonEnvironment({ folder: PROJECT });
            const settings = await readStackSettings(PROJECT, stack);
            rehearsal = await startRehearsal({
                projectFolder: PROJECT, settings, dataFile: path.join(PROJECT, "data", "customer-churn.csv"), python, reporter,
                signal: new AbortController().signal,
            });
            const { folder, cloud, context } = rehearsal;
            const environment = buildEnvironment({ region: regionOf(settings), folder, endpoint: cloud.target.endpoint ?? "" });
            const { config, aws, signal } = context;
            lookup = { ...await openLookup({ projectFolder: PROJECT, settings, pulumiStack: stack, config, environment, aws, accountId: cloud.accountId, signal }), folder };
            await runUp({ ...context, lookup: async () => lookup }, "up");
            for (const phase of then) await phase.run(context);
            made = (await context.engine.resources()).filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
        });
        after(async () => {
            if (lookup !== undefined) closeAccountClients(lookup.clients);
            await rehearsal?.close({ keepFiles: false });
        });

        it("has an identity for every type", () => {
            const types = new Set(made.map(({ type }) => type));
            expect([...types].filter((type) => !lookup.identities.has(type) && !STATE_ONLY_TYPES.has(type))).to.deep.equal([]);
            expect(types.size).to.be.greaterThan(30);
        });

        it("has every resource found under the id that the state has", async () => {
            const wrong: string[] = [];
            for (const { type, name, id = "", inputs } of made.filter((resource) => !NOT_IN_CLOUD.has(resource.type))) {
                const others = new Set(made.filter((other) => other.type === type && other.name !== name).map((other) => other.id ?? ""));
                const found = await lookup.identities.get(type)?.find(inputs, lookup.clients, others);
                if (found === undefined || stateIdOf(found) !== id) wrong.push(`${type} ${name}: ${id}, found ${found === undefined ? "nothing" : stateIdOf(found)}`);
            }
            expect(wrong).to.deep.equal([]);
        });

        it("has nothing found that belongs to another environment", async () => {
            const foreign = createIdentities({ ...lookup.owner, environment: "elsewhere" });
            const found: string[] = [];
            for (const { type, name, inputs } of made.filter((resource) => resource.type !== "aws:cloudwatch/dashboard:Dashboard")) {
                if (await foreign.get(type)?.find(inputs, lookup.clients) !== undefined) found.push(`${type} ${name}`);
            }
            expect(found).to.deep.equal([]);
        });

        it("is not made a second time when its state is lost: the imports are printed", async () => {
            await rm(path.join(rehearsal.folder, "state.json"));
            const again = await rehearsal.reconfigure({});
            const failure = await failureOf(runUp({ ...again, lookup: async () => lookup }, "up"));
            expect(failure).to.be.instanceOf(OperatorError);
            expect((failure as OperatorError).message).to.match(/the state of stack \w+ is empty, but \d+ of its resources exist/);
            expect((failure as OperatorError).message).to.match(/pulumi import 'aws:kms\/key:Key' 's3-key' '[0-9a-f-]{36}' --parent '/);
            expect((failure as OperatorError).fix).to.include(`deploy.ts adopt --stack ${stack}`);
            expect(await rehearsal.engine.resources()).to.deep.equal([]);
        });

        it("is adopted as it is, so that the next up makes and replaces nothing", async () => {
            const { context: { signal, engine } } = rehearsal;
            const { missing, unplanned } = await adoptStack({ engine, stack, reporter, signal }, lookup);
            expect(missing.filter(({ type }) => !NOT_IN_CLOUD.has(type)).map(({ type, name }) => `${type} ${name}`)).to.deep.equal([]);
            expect(unplanned.map(({ arn }) => arn)).to.deep.equal([]);
            const { changes } = await engine.preview();
            const heavy = changes.filter(({ type, operation }) => !NOT_IN_CLOUD.has(type) && ["create", "replace", "delete"].includes(operation));
            expect(heavy.map(({ type, name, operation, properties }) => `${operation} ${type} ${name} ${properties.join()}`)).to.deep.equal([]);
            const adopted = new Map((await engine.resources()).map(({ urn, id }) => [urn, id]));
            const others = made.filter(({ type, urn, id }) => !NOT_IN_CLOUD.has(type) && type !== "aws:apigatewayv2/integration:Integration" && adopted.get(urn) !== id);
            expect(others.map(({ urn }) => urn)).to.deep.equal([]);
        });

        if (isSwept) return itIsSwept(() => ({ rehearsal, clients: lookup.clients }));
        it("is destroyed from the adopted state, and nothing of it is left", async () => {
            await rehearsal.tearDown();
            expect((await listOwnedResources(lookup.clients, lookup.owner)).map(({ arn }) => arn)).to.deep.equal([]);
        });
    });
}

/** The sweep of a served stack. */
function itIsSwept(world: () => { readonly rehearsal: Rehearsal; readonly clients: AccountClients }): void {
    const sweep = (changes: Partial<SweepRequest> = {}): Promise<SweepResult> => {
        const { rehearsal, clients } = world();
        return sweepAccount(sweepRequest(rehearsal, clients, changes));
    };

    it("is not swept while the state still knows it, nor when it was not named twice", async () => {
        const { rehearsal } = world();
        const knownToState = (await rehearsal.engine.resources()).length;
        expect(knownToState).to.be.greaterThan(200);
        expect(await failureOf(sweep({ knownToState, applies: true }))).to.have.property("message").that.includes("still has");
        expect(await failureOf(sweep({ isNamed: false, applies: true }))).to.have.property("message").that.includes("no environment");
        expect((await rehearsal.engine.resources()).length).to.equal(knownToState);
    });

    it("is listed by a dry run with all that the cloud has, and stays as it is", async () => {
        const { rehearsal } = world();
        await rm(path.join(rehearsal.folder, "state.json"));
        const before = await rehearsal.cloud.inventory();
        const { resources, kept } = await sweep({ deletesData: true });
        expect(kept).to.deep.equal([]);
        const listed = new Set(resources.map(({ arn }) => tail(arn)));
        expect(withoutParts(before).filter((name) => !listed.has(tail(name)))).to.deep.equal([]);
        expect(resources.map(({ type }) => type)).to.include.members(["aws:sagemaker/endpoint:Endpoint", "aws:sagemaker/model:Model", "aws:kms/key:Key"]);
        expect(await rehearsal.cloud.inventory()).to.deep.equal(before);
    });

    it("keeps data, and the keys that it is encrypted with, unless the sweep is told to delete them", async () => {
        const { resources, kept } = await sweep();
        const types = new Set(kept.map(({ resource }) => resource.type));
        expect([...types].sort()).to.deep.equal(["aws:dynamodb/table:Table", "aws:kinesis/stream:Stream", "aws:kms/alias:Alias", "aws:kms/key:Key", "aws:s3/bucket:Bucket"]);
        expect(resources.filter(({ type }) => types.has(type))).to.deep.equal([]);
        expect(kept.every(({ isSpared }) => isSpared)).to.equal(true);
    });

    it("leaves nothing but keys that wait for their deletion, and a second sweep finds nothing to do", async () => {
        const told: string[] = [];
        const result = await sweep({ applies: true, deletesData: true, progress: (message) => told.push(message) });
        expect(result.kept).to.deep.equal([]);
        expect(await world().rehearsal.cloud.inventory()).to.deep.equal([]);
        expect(result.pending).to.have.length(5);
        expect(describePending(result.pending).join("\n")).to.match(/key [0-9a-f-]{36} \(.+\): pending deletion until \d{4}-/);
        expect(told.join("\n")).to.include("deleted sagemaker:endpoint firstlight-dev-champion").and.to.include("emptied bucket");
        expect(await sweep({ applies: true, deletesData: true })).to.deep.include({ resources: [], kept: [] });
    });
}

/** ARNs of the cloud's own list that no sweep names: what is a part of something else goes with that. */
function withoutParts(inventory: readonly string[]): readonly string[] {
    return inventory.filter((name) => !/^arn:aws:sns:[^:]*:\d+:[^:]+:[0-9a-f-]+$/.test(name));
}

/** The last part of an ARN: the cloud's list writes some resources as `service:kind/name`. */
function tail(name: string): string {
    return name.replace(/:\*$/, "").split(/[:/]/).at(-1) ?? "";
}
