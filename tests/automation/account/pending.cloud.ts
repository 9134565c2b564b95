/** A run that was killed while it made things: each kind of resource is found and taken into the state, and the next up changes nothing. One cloud. */
import path from "node:path";
import { ListTagsForResourceCommand, TagResourceCommand } from "@aws-sdk/client-sns";
import { expect } from "chai";
import type { AccountLookup } from "../../../automation/account/accountLookup.ts";
import { closeAccountClients } from "../../../automation/account/clients.ts";
import type { StackResource } from "../../../automation/engine/engine.ts";
import type { PhaseContext } from "../../../automation/phases/phase.ts";
import { prepareState } from "../../../automation/phases/prepareState.ts";
import { runUp } from "../../../automation/phases/up.ts";
import { openLookup } from "../../../automation/planStack.ts";
import { buildEnvironment } from "../../../automation/rehearsal/environment.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { startRehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import { createRecordingReporter } from "../../../automation/reporters.ts";
import { readStackSettings, regionOf } from "../../../automation/stackSettings.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..", "..");
const STACK = "staging";

/** The embedded engine's state, as far as this test edits it. */
interface State {
    readonly resources: readonly Readonly<Record<string, unknown>>[];
    readonly pendingOperations: readonly unknown[];
}

describe("a killed run", function suite() {
    this.timeout(300_000);
    let rehearsal: Rehearsal;
    let lookup: AccountLookup;
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
        made = (await rehearsal.engine.resources()).filter(({ custom, type }) => custom && lookup.identities.has(type));
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

    it("has one resource of every kind taken into the state, or made again where that does no harm; a second up changes nothing", async () => {
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
