/** A stack whose state was lost: the sweep finds all of it by its tags, and takes nothing else. A served one: identities.cloud.ts. */
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
import { sweepAccount } from "../../../automation/account/sweep.ts";
import { upPhase } from "../../../automation/phases/up.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { startRehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import { createRecordingReporter } from "../../../automation/progress/reporters.ts";
import { readStackSettings } from "../../../automation/stackSettings.ts";
import { sweepRequest } from "../../support/sweepRequest.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..", "..");

describe("the sweep of a stack with a network, beside somebody else's resources", function suite() {
    this.timeout(300_000);
    let rehearsal: Rehearsal;
    let clients: AccountClients;
    let foreign: Foreign;
    let foreignInventory: readonly string[];

    before(async () => {
        const { python } = await preparePythonEnvironment({ folder: PROJECT });
        rehearsal = await startRehearsal({
            projectFolder: PROJECT, settings: await readStackSettings(PROJECT, "staging"), dataFile: path.join(PROJECT, "data", "customer-churn.csv"),
            python, reporter: createRecordingReporter(), signal: new AbortController().signal,
        });
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
        expect((await sweepAccount(sweepRequest(rehearsal, clients, { applies: true, deletesData: true }))).kept).to.deep.equal([]);
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
