/** A stack whose state was lost: the sweep finds all of it by its tags, and takes nothing else. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { CreateTableCommand, DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { CreateVpcCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, GetRoleCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, DescribeKeyCommand } from "@aws-sdk/client-kms";
import { CreateLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateBucketCommand, HeadBucketCommand, PutBucketTaggingCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { closeAccountClients, createAccountClients } from "../../../automation/account/clients.ts";
import type { AccountClients } from "../../../automation/account/clients.ts";
import { describePending, sweepAccount } from "../../../automation/account/sweep.ts";
import type { SweepRequest } from "../../../automation/account/sweep.ts";
import { enableEndpointsPhase } from "../../../automation/phases/enableEndpoints.ts";
import { trainPhase } from "../../../automation/phases/train.ts";
import { upPhase } from "../../../automation/phases/up.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { startRehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import { createRecordingReporter } from "../../../automation/reporters.ts";
import { readStackSettings } from "../../../automation/stackSettings.ts";
import { failureOf } from "../../support/phaseWorld.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..", "..");

async function rehearse(stack: string): Promise<Rehearsal> {
    const { python } = await preparePythonEnvironment({ folder: PROJECT });
    return startRehearsal({
        projectFolder: PROJECT, settings: await readStackSettings(PROJECT, stack), dataFile: path.join(PROJECT, "data", "customer-churn.csv"),
        python, reporter: createRecordingReporter(), signal: new AbortController().signal,
    });
}

function requestFor({ context }: Rehearsal, clients: AccountClients, changes: Partial<SweepRequest> = {}): SweepRequest {
    const { config, stack } = context;
    return {
        clients, owner: { project: config.project, environment: stack }, stack, hasSuffix: false, isNamed: true, knownToState: 0,
        applies: false, deletesData: false, signal: context.signal, progress: () => undefined, ...changes,
    };
}

/** ARNs of the cloud's own list that no sweep names: what is a part of something else goes with that. */
function withoutParts(inventory: readonly string[]): readonly string[] {
    return inventory.filter((name) => !/^arn:aws:sns:[^:]*:\d+:[^:]+:[0-9a-f-]+$/.test(name));
}

/** The last part of an ARN: the cloud's list writes some resources as `service:kind/name`. */
function tail(name: string): string {
    return name.replace(/:\*$/, "").split(/[:/]/).at(-1) ?? "";
}

describe("the sweep of a served stack whose state was lost", function suite() {
    this.timeout(300_000);
    let rehearsal: Rehearsal;
    let clients: AccountClients;

    before(async () => {
        rehearsal = await rehearse("dev");
        for (const phase of [upPhase, trainPhase, enableEndpointsPhase]) await phase.run(rehearsal.context);
        clients = createAccountClients(rehearsal.context.aws, rehearsal.cloud.accountId);
    });
    after(async () => {
        if (clients !== undefined) closeAccountClients(clients);
        await rehearsal?.close({ keepFiles: false });
    });

    it("is refused while the state still knows the stack, and for a stack that was not named twice", async () => {
        const knownToState = (await rehearsal.engine.resources()).length;
        expect(knownToState).to.be.greaterThan(200);
        expect(await failureOf(sweepAccount(requestFor(rehearsal, clients, { knownToState, applies: true })))).to.have.property("message").that.includes("still has");
        expect(await failureOf(sweepAccount(requestFor(rehearsal, clients, { isNamed: false, applies: true })))).to.have.property("message").that.includes("no environment");
        expect((await rehearsal.engine.resources()).length).to.equal(knownToState);
    });

    it("lists in a dry run all that the cloud has, and changes nothing", async () => {
        await rm(path.join(rehearsal.folder, "state.json"));
        const before = await rehearsal.cloud.inventory();
        const { resources, kept } = await sweepAccount(requestFor(rehearsal, clients, { deletesData: true }));
        expect(kept).to.deep.equal([]);
        const listed = new Set(resources.map(({ arn }) => tail(arn)));
        expect(withoutParts(before).filter((name) => !listed.has(tail(name)))).to.deep.equal([]);
        expect(resources.map(({ type }) => type)).to.include.members(["aws:sagemaker/endpoint:Endpoint", "aws:sagemaker/model:Model", "aws:kms/key:Key"]);
        expect(await rehearsal.cloud.inventory()).to.deep.equal(before);
    });

    it("keeps data, and the keys that it is encrypted with, unless it is told to delete them", async () => {
        const { resources, kept } = await sweepAccount(requestFor(rehearsal, clients));
        const types = new Set(kept.map(({ resource }) => resource.type));
        expect([...types].sort()).to.deep.equal(["aws:dynamodb/table:Table", "aws:kinesis/stream:Stream", "aws:kms/alias:Alias", "aws:kms/key:Key", "aws:s3/bucket:Bucket"]);
        expect(resources.filter(({ type }) => types.has(type))).to.deep.equal([]);
        expect(kept.every(({ isSpared }) => isSpared)).to.equal(true);
    });

    it("leaves nothing but keys that wait for their deletion", async () => {
        const told: string[] = [];
        const result = await sweepAccount(requestFor(rehearsal, clients, { applies: true, deletesData: true, progress: (message) => told.push(message) }));
        expect(result.kept).to.deep.equal([]);
        expect(await rehearsal.cloud.inventory()).to.deep.equal([]);
        expect(result.pending).to.have.length(5);
        expect(describePending(result.pending).join("\n")).to.match(/key [0-9a-f-]{36} \(.+\): pending deletion until \d{4}-/);
        expect(told.join("\n")).to.include("deleted sagemaker:endpoint firstlight-dev-champion").and.to.include("emptied bucket");
    });

    it("finds nothing to do when it runs again", async () => {
        const result = await sweepAccount(requestFor(rehearsal, clients, { applies: true, deletesData: true }));
        expect(result.resources).to.deep.equal([]);
        expect(result.kept).to.deep.equal([]);
    });
});

describe("the sweep of a stack with a network, beside somebody else's resources", function suite() {
    this.timeout(300_000);
    let rehearsal: Rehearsal;
    let clients: AccountClients;
    let foreign: Foreign;
    let foreignInventory: readonly string[];

    before(async () => {
        rehearsal = await rehearse("staging");
        clients = createAccountClients(rehearsal.context.aws, rehearsal.cloud.accountId);
        foreign = await makeForeign(clients);
        foreignInventory = await rehearsal.cloud.inventory();
        await upPhase.run(rehearsal.context);
        await rm(path.join(rehearsal.folder, "state.json"));
    });
    after(async () => {
        if (clients !== undefined) closeAccountClients(clients);
        await rehearsal?.close({ keepFiles: false });
    });

    it("takes the network and protected data, and leaves what carries other tags although its name begins alike", async () => {
        expect((await sweepAccount(requestFor(rehearsal, clients, { applies: true, deletesData: true }))).kept).to.deep.equal([]);
        await foreign.expectUntouched();
        expect(foreignInventory).to.have.length.greaterThan(5);
        expect(await rehearsal.cloud.inventory()).to.deep.equal(foreignInventory);
    });
});

interface Foreign {
    expectUntouched(): Promise<void>;
}

/** A neighbour: the same project in an environment whose name goes on. */
async function makeForeign({ aws, ec2, iam }: AccountClients): Promise<Foreign> {
    const tags = { Project: "firstlight", Environment: "staging-eu" };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const [bucket, role, table] = ["firstlight-staging-eu-raw", "firstlight-staging-eu-serving-us-east-1", "firstlight-staging-eu-ab-tests"];
    const group = "/aws/lambda/firstlight-staging-eu-inference";
    await aws.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await aws.s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet: Tags } }));
    await iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [] }), Tags }));
    await aws.dynamodb.send(new CreateTableCommand({
        TableName: table, BillingMode: "PAY_PER_REQUEST", Tags,
        KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
    }));
    await aws.logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({ Tags: Tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })) }));
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16", TagSpecifications: [{ ResourceType: "vpc", Tags }] }));
    const [keyId, vpcId] = [KeyMetadata?.KeyId ?? "", Vpc?.VpcId ?? ""];
    return {
        async expectUntouched(): Promise<void> {
            await aws.s3.send(new HeadBucketCommand({ Bucket: bucket }));
            await iam.send(new GetRoleCommand({ RoleName: role }));
            await aws.dynamodb.send(new DescribeTableCommand({ TableName: table }));
            expect((await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }))).logGroups).to.have.length(1);
            expect((await aws.kms.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata?.KeyState).to.equal("Enabled");
            expect((await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }))).Vpcs).to.have.length(1);
        },
    };
}
