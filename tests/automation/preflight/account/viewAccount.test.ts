/** What the account answers, from recorded answers of its services. */
import { expect } from "chai";
import { UnansweredError } from "../../../../automation/preflight/account/accountView.ts";
import type { AccountView } from "../../../../automation/preflight/account/accountView.ts";
import { viewAccount } from "../../../../automation/preflight/account/viewAccount.ts";
import { answersOfEmptyAccount, createFakeAccountClients } from "../../../support/emptyAccount.ts";
import { awsError, createPhaseWorld, failureOf } from "../../../support/phaseWorld.ts";
import type { Answers, PhaseWorld } from "../../../support/phaseWorld.ts";

const ACCOUNT = "111122223333";
const OWNER = { project: "firstlight", environment: "dev" };
const OURS = [{ Key: "Project", Value: "firstlight" }, { Key: "Environment", Value: "dev" }];
const TOPIC = `arn:aws:sns:eu-central-1:${ACCOUNT}:alerts`;
const TABLE = { type: "aws:dynamodb/table:Table", inputs: { name: "orders" } };
const TABLE_THERE = { Table: { TableName: "orders", TableArn: "arn:t" } };
const RULE = { actions: ["events:PutRule", "events:PutTargets"], resourceArn: `arn:aws:events:eu-central-1:${ACCOUNT}:rule/r` };

function view(given: Answers): { account: AccountView; world: PhaseWorld } {
    const world = createPhaseWorld(answersOfEmptyAccount(given));
    const { aws } = world.context;
    return { world, account: viewAccount(aws, async () => ({ clients: createFakeAccountClients(aws, ACCOUNT), owner: OWNER })) };
}

async function messageOf(question: Promise<unknown>): Promise<string> {
    return ((await failureOf(question)) as Error).message;
}

/** A HEAD request that fails has a status and no words. */
function headError(status: number, headers: Readonly<Record<string, string>> = {}): Error {
    const error = new Error("UnknownError");
    return Object.assign(error, { name: String(status), $metadata: { httpStatusCode: status }, $response: { headers } });
}

/** What is asked, the command that is refused, the action that a denial names, and the question. */
type Question = readonly [title: string, command: string, action: string, ask: (account: AccountView) => Promise<unknown>];
const QUESTIONS: readonly Question[] = [
    ["an endpoint", "DescribeEndpointCommand", "sagemaker:DescribeEndpoint", (account) => account.endpointNamed("e")],
    ["an A/B test", "GetItemCommand", "dynamodb:GetItem", (account) => account.abTest("t")],
    ["a quota", "ListServiceQuotasCommand", "servicequotas:ListServiceQuotas", (account) => account.quota("ec2", "q")],
    ["a name", "DescribeTableCommand", "dynamodb:DescribeTable", (account) => account.existing(TABLE)],
    ["addresses", "DescribeAddressesCommand", "ec2:DescribeAddresses", (account) => account.addresses()],
    ["networks", "DescribeVpcsCommand", "ec2:DescribeVpcs", (account) => account.countVpcs()],
    ["NAT gateways", "DescribeNatGatewaysCommand", "ec2:DescribeNatGateways", (account) => account.countNatGateways()],
    ["concurrency", "GetAccountSettingsCommand", "lambda:GetAccountSettings", (account) => account.functionConcurrency()],
    ["a bucket's settings", "GetBucketVersioningCommand", "s3:GetBucketVersioning", (account) => account.bucket("b")],
    ["subscriptions", "ListSubscriptionsByTopicCommand", "sns:ListSubscriptionsByTopic", (account) => account.subscriptions(TOPIC)],
    ["log policies", "DescribeResourcePoliciesCommand", "logs:DescribeResourcePolicies", (account) => account.logPolicies()],
    ["the organization", "SimulatePrincipalPolicyCommand", "iam:SimulatePrincipalPolicy", (account) => account.deniedByOrganization(RULE)],
];

interface Silence { readonly because: string; readonly error: Error; readonly says: (action: string) => RegExp }

const SILENCES: readonly Silence[] = [
    {
        because: "denied", error: awsError("AccessDeniedException", "User: x is not authorized"),
        says: (action) => new RegExp(`may not ask .*${action}.*which the policy of --preflight-role allows`),
    },
    {
        because: "throttled", error: awsError("ThrottlingException", "Rate exceeded"),
        says: (action) => new RegExp(`${action}.* was throttled`),
    },
    {
        because: "unreachable", error: Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }),
        says: (action) => new RegExp(`nobody answered .*${action}.*\\(ENOTFOUND\\): look at the network`),
    },
    {
        because: "other", error: awsError("InternalFailure", "of no kind"),
        says: (action) => new RegExp(`${action}.* was answered by InternalFailure: of no kind`),
    },
];

describe("a question to the account", () => {
    for (const [title, command, action, ask] of QUESTIONS) {
        for (const { because, error, says } of SILENCES) {
            it(`about ${title} that is ${because === "other" ? "answered by an error" : because} says so, and what to do`, async () => {
                const caller = () => ({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/u` });
                const refuse = (): never => { throw error; };
                const { account } = view({ HeadBucketCommand: () => ({}), GetCallerIdentityCommand: caller, [command]: refuse });
                const failure = await failureOf(ask(account));
                expect(failure).to.be.instanceOf(UnansweredError).with.property("because", because);
                expect((failure as Error).message).to.match(says(action));
            });
        }
    }

    it("names the action that was denied where the service says which", async () => {
        const words = "User: arn:aws:iam::111122223333:user/u is not authorized to perform: dynamodb:ListTagsOfResource on x";
        const refuse = (): never => { throw awsError("AccessDeniedException", words); };
        const { account } = view({ DescribeTableCommand: () => TABLE_THERE, ListTagsOfResourceCommand: refuse });
        expect(await messageOf(account.existing(TABLE))).to.match(/^the credentials may not ask dynamodb:ListTagsOfResource, which/);
    });

    it("is asked once, however many rules ask it", async () => {
        const { account, world } = view({ DescribeVpcsCommand: () => ({ Vpcs: [{}, {}] }) });
        expect(await Promise.all([account.countVpcs(), account.countVpcs()])).to.deep.equal([2, 2]);
        expect(await account.countVpcs()).to.equal(2);
        expect(world.sent.filter(({ name }) => name === "DescribeVpcsCommand")).to.have.length(1);
    });

    it("is answered anew in the next run", async () => {
        let count = 0;
        const answers = { DescribeVpcsCommand: () => ({ Vpcs: Array.from({ length: ++count }) }) };
        expect(await view(answers).account.countVpcs()).to.equal(1);
        expect(await view(answers).account.countVpcs()).to.equal(2);
    });

    it("about a name is not asked for every resource of a type once it was denied", async () => {
        const { account, world } = view({ DescribeTableCommand: () => { throw awsError("AccessDeniedException"); } });
        const names = Array.from({ length: 30 }, (_, index) => ({ ...TABLE, inputs: { name: `t-${index}` } }));
        const failures = await Promise.all(names.map((resource) => failureOf(account.existing(resource))));
        expect(failures.every((failure) => failure instanceof UnansweredError && failure.because === "denied")).to.equal(true);
        expect(world.sent.filter(({ name }) => name === "DescribeTableCommand").length).to.be.within(1, 8);
    });

    it("that needs clients nobody opened, or a service without one, is not answered, and says so", async () => {
        const account = viewAccount(createPhaseWorld({}).context.aws);
        expect(await messageOf(account.addresses())).to.equal("what exists beside the state is not asked of the account by this version");
        const repository = { type: "aws:ecr/repository:Repository", inputs: { name: "r" } };
        const questions = [
            account.databaseOfferings("postgres", "db.t3.micro"), account.image("r", "v1"), account.secret("s"),
            account.existing(repository),
        ];
        for (const question of questions) {
            expect(await failureOf(question)).to.be.instanceOf(UnansweredError).with.property("because", "other");
        }
    });
});

describe("the account", () => {
    it("that is empty has nothing, and says so", async () => {
        const { account } = view({
            HeadBucketCommand: () => { throw headError(404); },
            DescribeTableCommand: () => { throw awsError("ResourceNotFoundException"); },
        });
        expect(await account.existing(TABLE)).to.equal(undefined);
        expect(await account.owned()).to.deep.equal([]);
        expect(await account.unseen()).to.deep.equal([]);
        expect(await account.addresses()).to.deep.equal([]);
        expect(await account.countVpcs()).to.equal(0);
        expect(await account.countNatGateways()).to.deep.equal(new Map());
        expect(await account.bucket("b")).to.equal(undefined);
        expect(await account.logPolicies()).to.deep.equal([]);
        expect(await account.quota("ec2", "EC2-VPC Elastic IPs")).to.equal(undefined);
        expect(await account.subscriptions(TOPIC)).to.deep.equal({ confirmed: 0, unconfirmed: [] });
    });

    it("says whose a name is", async () => {
        const withTags = (Tags: readonly object[]) => view({
            DescribeTableCommand: () => TABLE_THERE, ListTagsOfResourceCommand: () => ({ Tags }),
        }).account.existing(TABLE);
        expect(await withTags(OURS)).to.include({ id: "orders", isOurs: true });
        const theirs = await withTags([{ Key: "Project", Value: "other" }]);
        expect(theirs).to.deep.include({ id: "orders", isOurs: false, tags: { Project: "other" } });
        expect(await withTags([])).to.include({ isOurs: false });
    });

    it("does not look for what has no name of its own", async () => {
        const { account, world } = view({});
        expect(await account.existing({ type: "aws:ec2/vpc:Vpc", inputs: { cidrBlock: "10.0.0.0/16" } })).to.equal(undefined);
        expect(world.sent).to.deep.equal([]);
    });

    it("sees an alias whatever key it stands for", async () => {
        const alias = { type: "aws:kms/alias:Alias", inputs: { name: "alias/firstlight-dev-s3", targetKeyId: "<keyId of s3>" } };
        const { account } = view({
            DescribeKeyCommand: () => ({ KeyMetadata: { KeyId: "k" } }),
            ListResourceTagsCommand: () => ({ Tags: [{ TagKey: "Project", TagValue: "other" }] }),
        });
        expect(await account.existing(alias)).to.include({ id: "alias/firstlight-dev-s3", isOurs: false });
    });

    it("sees a bucket of somebody who lets nobody look", async () => {
        const { account } = view({
            GetBucketTaggingCommand: () => { throw awsError("AccessDenied"); }, HeadBucketCommand: () => { throw headError(403); },
        });
        const holder = await account.existing({ type: "aws:s3/bucket:Bucket", inputs: { bucket: "taken" } });
        expect(holder).to.include({ id: "taken", isOurs: false });
        expect(await account.bucket("taken")).to.equal("foreign");
    });

    it("tells a bucket's region, versions and encryption", async () => {
        const { account } = view({
            HeadBucketCommand: () => ({ BucketRegion: "eu-central-1" }), GetBucketVersioningCommand: () => ({ Status: "Enabled" }),
            GetBucketEncryptionCommand: () => { throw awsError("ServerSideEncryptionConfigurationNotFoundError"); },
        });
        expect(await account.bucket("b")).to.deep.equal({ region: "eu-central-1", isVersioned: true, isEncrypted: false });
    });

    it("says who holds which address, and leaves out those of a pool that was brought along", async () => {
        const { account } = view({
            DescribeAddressesCommand: () => ({ Addresses: [
                { AllocationId: "a", PublicIp: "192.0.2.1", NetworkInterfaceId: "eni-1", Tags: [{ Key: "Name", Value: "nat" }] },
                { AllocationId: "b", PublicIp: "192.0.2.2", InstanceId: "i-1" }, { AllocationId: "c", PublicIp: "192.0.2.3" },
                { AllocationId: "d", PublicIp: "198.51.100.1", PublicIpv4Pool: "ipv4pool-ec2-1" },
            ] }),
            DescribeNetworkInterfacesCommand: () => (
                { NetworkInterfaces: [{ NetworkInterfaceId: "eni-1", Description: "Interface for NAT Gateway nat-1" }] }),
        });
        expect(await account.addresses()).to.deep.equal([
            { allocationId: "a", publicIp: "192.0.2.1", holder: "Interface for NAT Gateway nat-1", tags: { Name: "nat" } },
            { allocationId: "b", publicIp: "192.0.2.2", holder: "instance i-1", tags: {} },
            { allocationId: "c", publicIp: "192.0.2.3", holder: undefined, tags: {} },
        ]);
    });

    it("counts NAT gateways by zone, those on their way out too", async () => {
        const { account } = view({
            DescribeNatGatewaysCommand: () => ({ NatGateways: [
                { SubnetId: "s1", State: "available" }, { SubnetId: "s1", State: "deleting" },
                { SubnetId: "s2", State: "pending" }, { SubnetId: "s2", State: "deleted" },
            ] }),
            DescribeSubnetsCommand: () => ({ Subnets: [
                { SubnetId: "s1", AvailabilityZone: "eu-central-1a" }, { SubnetId: "s2", AvailabilityZone: "eu-central-1b" },
            ] }),
        });
        expect([...await account.countNatGateways()]).to.deep.equal([["eu-central-1a", 2], ["eu-central-1b", 1]]);
    });

    it("tells a quota that every account has from one that was set for this", async () => {
        const quotas = (values: Readonly<Record<string, number>>) => () => (
            { Quotas: Object.entries(values).map(([QuotaName, Value]) => ({ QuotaName, Value })) });
        const { account } = view({
            ListAWSDefaultServiceQuotasCommand: quotas({ a: 5, b: 5, c: 5 }), ListServiceQuotasCommand: quotas({ b: 5, c: 1 }),
        });
        expect(await account.quota("ec2", "a")).to.deep.equal({ value: 5, isDefault: true });
        expect(await account.quota("ec2", "b")).to.deep.equal({ value: 5, isDefault: true });
        expect(await account.quota("ec2", "c")).to.deep.equal({ value: 1, isDefault: false });
        expect(await account.quota("ec2", "d")).to.equal(undefined);
    });

    it("has no quotas of a service that Service Quotas does not know", async () => {
        const unknown = () => { throw awsError("NoSuchResourceException"); };
        const { account } = view({ ListAWSDefaultServiceQuotasCommand: unknown, ListServiceQuotasCommand: unknown });
        expect(await account.quota("nothing", "a")).to.equal(undefined);
    });

    it("tells who has confirmed, and of no topic nothing", async () => {
        const { account } = view({ ListSubscriptionsByTopicCommand: () => ({ Subscriptions: [
            { SubscriptionArn: `${TOPIC}:1`, Endpoint: "a@example.com" },
            { SubscriptionArn: "PendingConfirmation", Endpoint: "b@example.com" },
            { SubscriptionArn: "Deleted", Endpoint: "c@example.com" },
        ] }) });
        expect(await account.subscriptions(TOPIC)).to.deep.equal({ confirmed: 1, unconfirmed: ["b@example.com"] });
        const gone = view({ ListSubscriptionsByTopicCommand: () => { throw awsError("NotFoundException"); } });
        expect(await gone.account.subscriptions(TOPIC)).to.equal(undefined);
    });

    it("measures log policies in bytes, page by page", async () => {
        const { account } = view({ DescribeResourcePoliciesCommand: ({ nextToken }: { nextToken?: string }) => (nextToken === undefined
            ? { resourcePolicies: [{ policyName: "a", policyDocument: "ä" }], nextToken: "2" }
            : { resourcePolicies: [{ policyName: "b", policyDocument: "bb" }] }) });
        expect(await account.logPolicies()).to.deep.equal([{ name: "a", sizeBytes: 2 }, { name: "b", sizeBytes: 2 }]);
    });

    it("says what could not be looked at among what is ours", async () => {
        const { account } = view({ ListFunctionsCommand: () => { throw awsError("AccessDeniedException"); } });
        expect(await account.owned()).to.deep.equal([]);
        expect(await account.unseen()).to.have.length.greaterThan(0);
        expect((await account.unseen()).join()).to.match(/functions.*: AccessDeniedException/);
    });

    it("tells what an organization denies to the role behind a session", async () => {
        const { account, world } = view({
            GetCallerIdentityCommand: () => ({ Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/session` }),
            GetRoleCommand: () => ({ Role: { Arn: `arn:aws:iam::${ACCOUNT}:role/path/deployer` } }),
            SimulatePrincipalPolicyCommand: ({ PolicySourceArn }: { PolicySourceArn: string }) => {
                if (!PolicySourceArn.endsWith(":role/path/deployer")) throw awsError("NoSuchEntityException");
                return { EvaluationResults: [
                    { EvalActionName: "events:PutRule", OrganizationsDecisionDetail: { AllowedByOrganizations: false } },
                    { EvalActionName: "events:PutTargets", OrganizationsDecisionDetail: { AllowedByOrganizations: true } },
                ] };
            },
        });
        expect(await account.deniedByOrganization(RULE)).to.deep.equal(["events:PutRule"]);
        expect(world.sent.map(({ name }) => name)).to.deep.equal([
            "GetCallerIdentityCommand", "SimulatePrincipalPolicyCommand", "GetRoleCommand", "SimulatePrincipalPolicyCommand",
        ]);
    });

    it("tries nothing out for its root user, and says why", async () => {
        const { account } = view({ GetCallerIdentityCommand: () => ({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:root` }) });
        expect(await messageOf(account.deniedByOrganization(RULE))).to.match(/:root is neither a user nor a role/);
    });
});
