/**
 * The whole rehearsal of dev on the Pulumi CLI, in one driver process. Each phase fails once and then goes through; after each the state
 * holds as many resources as the embedded engine plans. One cloud, in this order.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { DescribeLogGroupsCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Plan, StackResource } from "../../../automation/engine/engine.ts";
import { readServedModel } from "../../../automation/outputs.ts";
import { enableEndpointsPhase } from "../../../automation/phases/enableEndpoints.ts";
import type { PhaseContext } from "../../../automation/phases/phase.ts";
import { preflightPhase } from "../../../automation/phases/preflight.ts";
import { teardownPhase } from "../../../automation/phases/teardown.ts";
import { trainPhase } from "../../../automation/phases/train.ts";
import { upPhase } from "../../../automation/phases/up.ts";
import { goldenPredictions } from "../../../automation/phases/verification/goldenPredictions.ts";
import { createVerifyPhase, verifyPhase } from "../../../automation/phases/verify.ts";
import type { Plans } from "../../../automation/preflight/rule.ts";
import { BreakWorld } from "../../../automation/rehearsal/breaks/breakWorld.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { startRehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import { createRecordingReporter } from "../../../automation/progress/reporters.ts";
import { readStackSettings } from "../../../automation/stackSettings.ts";
import { parseS3Url, readJson } from "../../../lambdas/shared/store.ts";
import type { GoldenPrediction } from "../../../lambdas/shared/documents.ts";
import { describeWithPulumi } from "../../support/pulumiStack.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..", "..");
const TABLE = "aws:dynamodb/table:Table";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

describeWithPulumi("a rehearsal on a real Pulumi CLI", function suite() {
    this.timeout(400_000);
    this.bail(true);
    const reporter = createRecordingReporter();
    let rehearsal: Rehearsal;
    let context: PhaseContext;
    let plans: Plans;
    let python: string;

    before(async () => {
        ({ python } = await preparePythonEnvironment({ folder: PROJECT }));
        rehearsal = await startRehearsal({
            projectFolder: PROJECT, settings: await readStackSettings(PROJECT, "dev"), dataFile: path.join(PROJECT, "data", "customer-churn.csv"),
            python, reporter, engine: "pulumi", signal: new AbortController().signal,
        });
        ({ context } = rehearsal);
        plans = await context.recordPlans();
    });
    after(async () => rehearsal?.close({ keepFiles: false }));

    /** As the embedded engine plans them. */
    function expectedUrns(plan: Plan): string[] {
        return plan.resources.map(({ urn }) => urn).sort();
    }

    async function urns(): Promise<string[]> {
        return (await context.engine.resources()).map(({ urn }) => urn).sort();
    }

    async function find(type: string): Promise<StackResource> {
        const found = (await context.engine.resources()).find((resource) => resource.type === type);
        if (found === undefined) throw new Error(`the stack has no ${type}`);
        return found;
    }

    async function failureOf(work: Promise<unknown>): Promise<string> {
        return work.then(() => "it did not fail", (error: Error) => error.message);
    }

    it("passes preflight on the plans of the embedded engine, and has made nothing yet", async () => {
        expect(rehearsal.engineDescription).to.match(/^Pulumi 3\.\d+\.\d+$/);
        await preflightPhase.run(context);
        expect(await urns()).to.deep.equal([]);
    });

    it("fails to come up where a name is taken, and comes up when it is free", async () => {
        const TableName = String(plans.asIs.resources.find(({ type }) => type === TABLE)?.inputs["name"]);
        const { dynamodb } = context.aws;
        await dynamodb.send(new CreateTableCommand({
            TableName, BillingMode: "PAY_PER_REQUEST", KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
        }));
        expect(await failureOf(upPhase.run(context))).to.match(new RegExp(`${TABLE}.*already exists: ${TableName}`, "s"));
        expect(await urns()).to.have.length.greaterThan(1).and.lessThan(expectedUrns(plans.asIs).length);
        await dynamodb.send(new DeleteTableCommand({ TableName }));
        await upPhase.run(context);
        expect(await urns()).to.deep.equal(expectedUrns(plans.asIs));
    });

    it("refuses data that has no label, and trains on data that has", async () => {
        const dataFile = path.join(rehearsal.folder, "no-label.csv");
        await writeFile(dataFile, "customer_id,tenure\n1,2\n");
        expect(await failureOf(trainPhase.run({ ...context, dataFile }))).to.match(/ended as FAILED: .*churned/s);
        await trainPhase.run(context);
        expect(await urns()).to.deep.equal(expectedUrns(plans.asIs));
    });

    it("fails with an endpoint whose model cannot be loaded, and serves when the model is back", async () => {
        const world = new BreakWorld(rehearsal, python);
        const putBack = await world.replaceArtifact(Buffer.from("no model"));
        const failure = await failureOf(enableEndpointsPhase.run({ ...context, toleratedRules: ["F01", "F03", "F08", "F09"] }));
        expect(failure).to.match(/Failed to extract model data archive/);
        await putBack();
        await enableEndpointsPhase.run(context);
        expect(await urns()).to.deep.equal(expectedUrns(plans.endpointsOn));
    });

    it("finds nothing to do from another copy of the project: neither preview nor up", async () => {
        const { engine } = await rehearsal.reconfigure({});
        const same = expectedUrns(plans.endpointsOn).length;
        expect(await engine.preview()).to.deep.equal({ counts: { same }, changes: [] });
        expect((await engine.up()).counts).to.deep.equal({ same });
    });

    it("sees what was changed and deleted behind its back, and nothing else, and puts it right", async () => {
        const { engine, aws } = context;
        const logGroup = await find(LOG_GROUP);
        const alarm = await find(ALARM);
        const logGroupName = logGroup.id ?? "";
        await aws.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 3653 }));
        await rehearsal.provider.resources.get(ALARM)?.delete({ ...alarm, id: alarm.id ?? "" });
        const drift = await engine.refresh();
        expect(drift.map(({ urn, kind, properties }) => ({ urn, kind, properties }))).to.have.deep.members([
            { urn: logGroup.urn, kind: "changed", properties: ["retentionInDays"] }, { urn: alarm.urn, kind: "deleted", properties: [] },
        ]);
        const { counts } = await engine.up();
        expect(counts).to.deep.equal({ same: expectedUrns(plans.endpointsOn).length - 2, update: 1, create: 1 });
        const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
        expect(logGroups.find((group) => group.logGroupName === logGroupName)?.retentionInDays).to.equal(logGroup.inputs["retentionInDays"]);
        expect(await engine.refresh()).to.deep.equal([]);
    });

    it("fails verification with a golden prediction that is another, and passes it whole", async () => {
        const { s3 } = context.aws;
        const { goldenUrl = "" } = await readServedModel(context.aws, String((await context.engine.outputs())["parameterPath"]), "champion") ?? {};
        const { bucket: Bucket, key: Key } = parseS3Url(goldenUrl);
        const golden = await readJson<readonly GoldenPrediction[]>(s3, goldenUrl);
        const put = async (body: readonly GoldenPrediction[]): Promise<void> => void await s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(body) }));
        await put(golden.map((row) => ({ ...row, scores: row.scores.map(() => 0.123) })));
        expect(await failureOf(createVerifyPhase([goldenPredictions]).run(context))).to.match(/golden/);
        await put(golden);
        await verifyPhase.run(context);
        expect(await urns()).to.deep.equal(expectedUrns(plans.endpointsOn));
    });

    it("leaves nothing when it is destroyed, and counts apart what the stack retains", async () => {
        await teardownPhase.run(context);
        const retain = plans.endpointsOn.resources.filter(({ retainOnDelete }) => retainOnDelete).length;
        const counted = reporter.events.findLast((event) => event.kind === "counts");
        expect(counted).to.deep.include({ phase: "destroy", counts: { delete: expectedUrns(plans.endpointsOn).length - retain, retain } });
        expect(retain).to.be.greaterThan(0);
        expect(await urns()).to.deep.equal([]);
        expect(await rehearsal.cloud.inventory()).to.deep.equal([]);
    });
});
