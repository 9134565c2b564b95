/** What preflight asks of the account, of the rehearsal cloud: before a deployment, after it, and when its state is gone. In this order. */
import path from "node:path";
import { CreateTableCommand, DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { AllocateAddressCommand, EC2Client, ReleaseAddressCommand } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { PutResourcePolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { closeAwsClients, createAwsClients } from "../../../automation/aws.ts";
import type { AwsClients } from "../../../automation/aws.ts";
import { runUp } from "../../../automation/phases/up.ts";
import { UnansweredError } from "../../../automation/preflight/account/accountView.ts";
import { viewAccount } from "../../../automation/preflight/account/viewAccount.ts";
import { gatherEvidence } from "../../../automation/preflight/gathering/gatherEvidence.ts";
import type { PreflightResult } from "../../../automation/preflight/result.ts";
import type { Evidence } from "../../../automation/preflight/rule.ts";
import { runPreflight } from "../../../automation/preflight/runPreflight.ts";
import { createRecordingReporter } from "../../../automation/progress/reporters.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { startRehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import { readStackSettings } from "../../../automation/stackSettings.ts";
import { failureOf } from "../../support/phaseWorld.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..", "..");
/** It has what dev has, and a network. */
const STACK = "staging";
/** Those that ask what this file is about. */
const RULES = ["F22", "F32", "F51", "F53", "F66"] as const;

describe("the account that preflight asks", function suite() {
    this.timeout(300_000);
    let rehearsal: Rehearsal;
    let ec2: EC2Client;

    before(async () => {
        const { python } = await preparePythonEnvironment({ folder: PROJECT });
        rehearsal = await startRehearsal({
            projectFolder: PROJECT, settings: await readStackSettings(PROJECT, STACK),
            dataFile: path.join(PROJECT, "data", "customer-churn.csv"), python,
            reporter: createRecordingReporter(), signal: new AbortController().signal,
        });
        ec2 = new EC2Client(rehearsal.cloud.target);
    });
    after(async () => {
        ec2?.destroy();
        await rehearsal?.close({ keepFiles: false });
    });

    async function look(changes: Partial<Evidence> = {}): Promise<PreflightResult> {
        return runPreflight({ ...await gatherEvidence(rehearsal.context), ...changes }, { only: RULES });
    }

    it("has nothing against a first deployment, and does not say of quotas that nobody lists that they are kept", async () => {
        const { findings, passed, notChecked, notApplicable } = await look();
        expect(findings).to.deep.equal([]);
        expect(passed).to.deep.equal(["F22", "F66"]);
        expect(notChecked.map(({ id }) => id)).to.deep.equal(["F32"]);
        expect(notChecked[0]?.because).to.match(/Service Quotas does not list "EC2-VPC Elastic IPs"/);
        expect(notApplicable).to.deep.equal(["F51", "F53"]);
    });

    it("has a name that somebody else took", async () => {
        const { aws, recordPlans } = rehearsal.context;
        const table = (await recordPlans()).asIs.resources.find(({ type }) => type === "aws:dynamodb/table:Table");
        const TableName = String(table?.inputs["name"]);
        await aws.dynamodb.send(new CreateTableCommand({
            TableName, BillingMode: "PAY_PER_REQUEST",
            KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
        }));
        const { findings } = await look();
        await aws.dynamodb.send(new DeleteTableCommand({ TableName }));
        const what = `aws:dynamodb/table:Table ${TableName} exists and is not this stack's (it does not carry its tags): `
            + "the create would fail";
        expect(findings).to.have.length(1);
        expect(findings[0]).to.include({ id: "F22", severity: "blocker", urn: table?.urn, what });
    });

    it("shows who holds addresses, and which lie idle", async () => {
        const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
        const account = (await gatherEvidence(rehearsal.context)).account;
        const addresses = await account?.addresses();
        await ec2.send(new ReleaseAddressCommand({ AllocationId }));
        expect(addresses?.find(({ allocationId }) => allocationId === AllocationId)).to.include({ holder: undefined });
    });

    it("answers about limits and policies", async () => {
        const { aws } = rehearsal.context;
        const policyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
        await aws.logs.send(new PutResourcePolicyCommand({ policyName: "theirs", policyDocument }));
        const account = (await gatherEvidence(rehearsal.context)).account;
        expect(await account?.logPolicies()).to.deep.equal([{ name: "theirs", sizeBytes: policyDocument.length }]);
        expect(await account?.functionConcurrency()).to.include.keys("limit", "unreserved");
        expect(await account?.bucket("nobody-has-a-bucket-of-this-name")).to.equal(undefined);
    });

    it("answers a caller without permissions by what it may not ask", async () => {
        const { cloud } = rehearsal;
        const limited = await asRoleWithoutPermissions(cloud.target, cloud.accountId);
        try {
            const account = viewAccount(limited);
            const failure = await failureOf(account.logPolicies());
            expect(failure).to.be.instanceOf(UnansweredError).with.property("because", "denied");
            const { message } = failure as Error;
            expect(message).to.match(/^the credentials may not ask logs:DescribeResourcePolicies, which the policy of --preflight-role/);
        } finally {
            closeAwsClients(limited);
        }
    });

    it("knows of a deployed stack that all of it is in its state, and that nobody hears of its alerts", async () => {
        await runUp(rehearsal.context, "up");
        const { findings, passed, notApplicable } = await look();
        const told = findings.map(({ id, severity, what }) => `${id} ${severity} ${what}`);
        expect(told).to.deep.equal(["F66 warning nobody hears of alerts: the topic has no subscription"]);
        expect(passed).to.deep.equal(["F22", "F32"]);
        expect(notApplicable).to.deep.equal(["F51", "F53"]);
    });

    it("has every resource of a stack whose state is gone, with the line that imports it", async () => {
        const { findings } = await look({ state: [] });
        const orphans = findings.filter(({ id }) => id === "F22");
        const named = orphans.filter(({ severity }) => severity === "blocker");
        expect(named.length).to.be.greaterThan(40);
        expect(named.filter(({ fix }) => !fix.startsWith("pulumi import 'aws:")).map(({ where }) => where)).to.deep.equal([]);
        const network = orphans.find(({ what }) => what.startsWith("aws:ec2/vpc:Vpc "));
        expect(network).to.have.property("severity", "warning");
        expect(network?.fix).to.match(/^pulumi import 'aws:ec2\/vpc:Vpc' '[\w-]+' 'vpc-\w+' --parent '/);
        expect(network?.urn).to.be.a("string");
    });
});

/** Clients with a session of a role that may do nothing. */
async function asRoleWithoutPermissions(target: AwsClients["target"], accountId: string): Promise<AwsClients> {
    const [iam, admin] = [new IAMClient(target), createAwsClients(target)];
    const statement = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "sts:AssumeRole" };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "looks-at-nothing", AssumeRolePolicyDocument }));
    const { Credentials } = await admin.sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "test" }));
    iam.destroy();
    closeAwsClients(admin);
    const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "", SessionToken: sessionToken = "" } = Credentials ?? {};
    return createAwsClients({ ...target, credentials: { accessKeyId, secretAccessKey, sessionToken } });
}
