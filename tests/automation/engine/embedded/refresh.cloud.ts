import path from "node:path";
import { DeleteTableCommand, DescribeTableCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeLogGroupsCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import type { StackResource } from "../../../../automation/engine/engine.ts";
import { createAwsClients } from "../../../../automation/aws.ts";
import { cloudDefinitions, localDefinitions } from "../../../../automation/rehearsal/handlers/provider.ts";
import { preparePythonEnvironment } from "../../../../automation/rehearsal/pythonEnvironment.ts";
import { startRehearsal } from "../../../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../../automation/rehearsal/rehearsal.ts";
import { readStackSettings } from "../../../../automation/stackSettings.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../../..");
/** Exist only when a model was approved; npm run proof:kill refreshes them. */
const ENDPOINT_TYPES = ["aws:sagemaker/model:Model", "aws:sagemaker/endpointConfiguration:EndpointConfiguration", "aws:sagemaker/endpoint:Endpoint"];

describe("a refresh of this repository's program in the rehearsal cloud", function () {
    this.timeout(240_000);
    let rehearsal: Rehearsal;
    let resources: readonly StackResource[];

    before(async () => {
        // Staging has what dev has, and the network.
        const settings = await readStackSettings(PROJECT, "staging");
        const { python } = await preparePythonEnvironment({ folder: PROJECT });
        rehearsal = await startRehearsal({
            projectFolder: PROJECT, settings, python, dataFile: path.join(PROJECT, "data", "customer-churn.csv"),
            reporter: { report: () => undefined }, signal: new AbortController().signal,
        });
        await rehearsal.engine.up();
        resources = await rehearsal.engine.resources();
    });

    after(() => rehearsal?.close({ keepFiles: false }));

    it("asks nearly every type that there is, and finds nothing that differs", async () => {
        const types = new Set(resources.map(({ type }) => type));
        const missing = [...cloudDefinitions, ...localDefinitions].map(({ table }) => table.type).filter((type) => !types.has(type));
        expect(missing.filter((type) => !ENDPOINT_TYPES.includes(type)).length, missing.join()).to.be.at.most(6);
        expect(await rehearsal.engine.refresh()).to.deep.equal([]);
        const { changes } = await rehearsal.engine.preview();
        expect(changes).to.deep.equal([]);
    });

    it("sees a changed retention and a deleted table, and the next up puts both right", async () => {
        const { logs, dynamodb } = createAwsClients(rehearsal.cloud.target);
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
});
