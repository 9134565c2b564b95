/**
 * What an up does before it makes anything, on the program of this repository: it finds what differs from the state, and what a killed run
 * had begun. One stack, in this order.
 */
import path from "node:path";
import { DescribeLogGroupsCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteTableCommand, DescribeTableCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { ListTagsForResourceCommand, TagResourceCommand } from "@aws-sdk/client-sns";
import { expect } from "chai";
import type { AccountLookup } from "../../../automation/account/accountLookup.ts";
import { closeAccountClients } from "../../../automation/account/clients.ts";
import type { StackResource } from "../../../automation/engine/engine.ts";
import type { PhaseContext } from "../../../automation/phases/phase.ts";
import { prepareState } from "../../../automation/phases/prepareState.ts";
import { runUp } from "../../../automation/phases/up.ts";
import { openLookup } from "../../../automation/driver/planStack.ts";
import { buildEnvironment } from "../../../automation/rehearsal/environment.ts";
import { cloudDefinitions, localDefinitions } from "../../../automation/rehearsal/handlers/provider.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { startRehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import { createRecordingReporter } from "../../../automation/progress/reporters.ts";
import { readStackSettings, regionOf } from "../../../automation/stackSettings.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..", "..");
/** It has what dev has, and the network. */
const STACK = "staging";
/** Exist only when a model was approved; npm run proof:kill refreshes them. */
const ENDPOINT_TYPES = ["aws:sagemaker/model:Model", "aws:sagemaker/endpointConfiguration:EndpointConfiguration", "aws:sagemaker/endpoint:Endpoint"];

/** The embedded engine's state, as far as this test edits it. */
interface State {
    readonly resources: readonly Readonly<Record<string, unknown>>[];
    readonly pendingOperations: readonly unknown[];
}

describe("the state before an up", function suite() {
    this.timeout(300_000);
    let rehearsal: Rehearsal;
    let lookup: AccountLookup;
    let resources: readonly StackResource[];
    let made: readonly StackResource[];

    before(async () => {
        const { python } = await preparePythonEnvironment({ folder: PROJECT });
        const settings = await readStackSettings(PROJECT, STACK);
        const signal = new AbortController().signal;
        rehearsal = await startRehearsal({
            projectFolder: PROJECT, settings, dataFile: path.join(PROJECT, "data", "customer-churn.csv"), python, reporter: createRecordingReporter(), signal,
        });
        const { folder, cloud, context: { config, aws } } = rehearsal;
        const environment = buildEnvironment({ region: regionOf(settings), folder, endpoint: cloud.target.endpoint ?? "" });
        lookup = await openLookup({ projectFolder: PROJECT, settings, pulumiStack: STACK, config, environment, aws, accountId: cloud.accountId, signal });
        await runUp(rehearsal.context, "up");
        resources = await rehearsal.engine.resources();
        made = resources.filter(({ custom, type }) => custom && lookup.identities.has(type));
    });
    after(async () => {
        if (lookup !== undefined) closeAccountClients(lookup.clients);
        await rehearsal?.close({ keepFiles: false });
    });

    /** The state that a run leaves which is killed between the create of these resources and its answer, and the surroundings of the next run. */
    async function killWhileMaking(urns: ReadonlySet<string>): Promise<{ context: PhaseContext; reporter: ReturnType<typeof createRecordingReporter> }> {
        const state = await rehearsal.engine.exportState() as State;
        await rehearsal.engine.importState({
            ...state,
            resources: state.resources.filter(({ urn }) => !urns.has(String(urn))),
            pendingOperations: state.resources.filter(({ urn }) => urns.has(String(urn))).map(({ id: _made, ...resource }) => (
                { operation: "creating", resource: { ...resource, outputs: {} } })),
        });
        const reporter = createRecordingReporter();
        const next = await rehearsal.reconfigure({});
        return { reporter, context: { ...next, reporter, lookup: async () => lookup } };
    }

    it("is compared with nearly every type that there is, and nothing differs", async () => {
        const types = new Set(resources.map(({ type }) => type));
        const missing = [...cloudDefinitions, ...localDefinitions].map(({ table }) => table.type).filter((type) => !types.has(type));
        expect(missing.filter((type) => !ENDPOINT_TYPES.includes(type)).length, missing.join()).to.be.at.most(6);
        expect(await rehearsal.engine.refresh()).to.deep.equal([]);
    });

    it("shows a changed retention and a deleted table, and the next up puts both right", async () => {
        const { logs, dynamodb } = rehearsal.context.aws;
        const logGroup = resources.find(({ type, inputs }) => type === "aws:cloudwatch/logGroup:LogGroup" && inputs["retentionInDays"] !== 1);
        const table = resources.find(({ type }) => type === "aws:dynamodb/table:Table");
        const [logGroupName, TableName] = [String(logGroup?.outputs["name"]), String(table?.outputs["name"])];
        await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
        // Staging protects its tables.
        await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
        await dynamodb.send(new DeleteTableCommand({ TableName }));
        const drift = await rehearsal.engine.refresh();
        expect(drift.map(({ name, kind, properties }) => ({ name, kind, properties }))).to.deep.include.members([
            { name: logGroup?.name, kind: "changed", properties: ["retentionInDays"] }, { name: table?.name, kind: "deleted", properties: [] },
        ]);
        const { counts } = await rehearsal.engine.up();
        expect(counts.create).to.be.at.least(1);
        expect(counts).not.to.have.any.keys("delete", "replace");
        const groups = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
        expect(groups.logGroups?.[0]?.retentionInDays).to.equal(logGroup?.inputs["retentionInDays"]);
        expect((await dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus).to.equal("ACTIVE");
        expect(await rehearsal.engine.refresh()).to.deep.equal([]);
    });

    it("takes in one resource of every kind that a killed run had begun, or has it made again where that does no harm; a second up changes nothing", async () => {
        const first = new Map(made.map((resource) => [resource.type, resource]));
        // What the rehearsal cloud does not have cannot be found in it.
        first.delete("aws:cloudwatch/queryDefinition:QueryDefinition");
        const { context, reporter } = await killWhileMaking(new Set([...first.values()].map(({ urn }) => urn)));
        await prepareState(context);

        const outcomes = new Map(reporter.events.flatMap((event) => (event.kind === "pending" ? [[event.urn, event.outcome] as const] : [])));
        const unexpected = [...first.values()].filter(({ type, urn }) => outcomes.get(urn) !== (lookup.identities.get(type)?.isRepeatable === true ? "forgotten" : "adopted"));
        expect(unexpected.map(({ type, name, urn }) => `${type} ${name}: ${outcomes.get(urn)}`)).to.deep.equal([]);
        expect(await context.engine.pendingOperations()).to.deep.equal([]);
        const ids = new Map((await context.engine.resources()).map(({ urn, id }) => [urn, id]));
        const adopted = [...first.values()].filter(({ urn }) => outcomes.get(urn) === "adopted");
        expect(adopted.filter(({ urn, id }) => ids.get(urn) !== id).map(({ urn }) => urn)).to.deep.equal([]);
        expect(adopted.length).to.be.greaterThan(25);

        const again = await context.engine.up();
        expect(again.counts.create).to.equal(first.size - adopted.length);
        expect(again.counts).to.not.include.any.keys("replace", "delete", "update");
        const { counts } = await context.engine.up();
        expect(Object.keys(counts)).to.deep.equal(["same"]);
    });

    it("leaves alone what has the name and not the tags", async () => {
        const topic = made.find(({ type }) => type === "aws:sns/topic:Topic");
        const { sns } = lookup.clients.aws;
        const ResourceArn = topic?.id ?? "";
        await sns.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "Environment", Value: "somebody-elses" }] }));
        const { context, reporter } = await killWhileMaking(new Set([topic?.urn ?? ""]));
        await prepareState(context);
        expect(reporter.events.flatMap((event) => (event.kind === "pending" ? [event.outcome] : []))).to.deep.equal(["forgotten"]);
        expect((await context.engine.resources()).some(({ type }) => type === "aws:sns/topic:Topic")).to.equal(false);
        expect((await sns.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).to.deep.include({ Key: "Environment", Value: "somebody-elses" });
    });
});
