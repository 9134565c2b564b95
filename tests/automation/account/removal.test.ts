import { expect } from "chai";
import { arnKinds } from "../../../automation/account/owned/arnKinds.ts";
import { toOwned } from "../../../automation/account/owned/search.ts";
import { planRemoval, removeResources } from "../../../automation/account/removal.ts";
import type { RemovalOptions } from "../../../automation/account/removal.ts";
import { emptyBucket } from "../../../automation/account/removal/emptyBucket.ts";
import { describeError } from "../../../automation/errorReport.ts";
import { answersOfEmptyAccount, createFakeAccountClients } from "../../support/emptyAccount.ts";
import { awsError, createPhaseWorld, failureOf } from "../../support/phaseWorld.ts";
import type { Answers, SentCommand } from "../../support/phaseWorld.ts";

const ACCOUNT = "111122223333";
const regional = (service: string, resource: string): string => `arn:aws:${service}:eu-central-1:${ACCOUNT}:${resource}`;
const owned = (arn: string) => toOwned(arn, {});
const ROLE = owned(`arn:aws:iam::${ACCOUNT}:role/r`);
const KEY = owned(regional("kms", "key/k"));
const ALIAS = owned(regional("kms", "alias/a"));
const FUNCTION = owned(regional("lambda", "function:f"));
const GROUP = owned(regional("logs", "log-group:/aws/lambda/f"));
const BUCKET = owned("arn:aws:s3:::b");
const TABLE = owned(regional("dynamodb", "table/t"));
const VPC = owned(regional("ec2", "vpc/vpc-1"));
const SUBNET = owned(regional("ec2", "subnet/subnet-1"));

function world(given: Answers): { options: RemovalOptions; sent: readonly SentCommand[]; told: readonly string[] } {
    const { context, sent } = createPhaseWorld(answersOfEmptyAccount(given));
    const told: string[] = [];
    const clients = createFakeAccountClients(context.aws, ACCOUNT);
    return { options: { clients, signal: context.signal, intervalMs: 1, longestMs: 5000, progress: (message) => told.push(message) }, sent, told };
}

describe("the plan of a removal", () => {
    it("has what runs before what it used, roles after both, keys last", () => {
        const { steps, kept } = planRemoval([KEY, ALIAS, ROLE, VPC, GROUP, BUCKET, SUBNET, FUNCTION], { deletesData: true });
        expect(steps).to.deep.equal([FUNCTION, SUBNET, VPC, GROUP, BUCKET, ROLE, ALIAS, KEY]);
        expect(kept).to.deep.equal([]);
    });

    it("spares data, and the keys that it may be encrypted with", () => {
        const { steps, kept } = planRemoval([KEY, ALIAS, ROLE, BUCKET, TABLE], { deletesData: false });
        expect(steps).to.deep.equal([ROLE]);
        expect(kept.map(({ resource, isSpared }) => [resource, isSpared])).to.deep.equal([[KEY, true], [ALIAS, true], [BUCKET, true], [TABLE, true]]);
    });

    it("takes the keys where there is no data", () => {
        expect(planRemoval([KEY, ROLE], { deletesData: false }).steps).to.deep.equal([ROLE, KEY]);
    });

    it("spares the keys where it is not known whether there is data", () => {
        const { steps, kept } = planRemoval([KEY, ALIAS, ROLE], { deletesData: false, unseen: [{ what: "buckets of S3", error: "AccessDenied", isDenied: true }] });
        expect(steps).to.deep.equal([ROLE]);
        expect(kept.map(({ resource, isSpared }) => [resource, isSpared])).to.deep.equal([[KEY, true], [ALIAS, true]]);
    });

    it("leaves what nobody here can delete, and says so", () => {
        const { steps, kept } = planRemoval([owned(regional("elasticache", "cluster:c"))], { deletesData: true });
        expect(steps).to.deep.equal([]);
        expect(kept[0]?.reason).to.include("by hand");
    });

    it("can delete every kind that is ever listed, but for parts that go with what they are part of", () => {
        const parts = ["apigateway:stage", "ec2:security-group-rule"];
        const kinds = arnKinds.map(({ kind }) => kind).filter((kind) => !parts.includes(kind));
        const unknown = kinds.filter((kind) => planRemoval([owned(exampleOf(kind))], { deletesData: true }).steps.length === 0);
        expect(unknown).to.deep.equal([]);
    });
});

/** An ARN of the kind. */
function exampleOf(kind: string): string {
    const [service = "", type = ""] = kind.split(":");
    const special: Readonly<Record<string, string>> = {
        "apigateway:api": "arn:aws:apigateway:eu-central-1::/apis/a", "budgets:budget": `arn:aws:budgets::${ACCOUNT}:budget/b`, "iam:role": ROLE.arn, "s3:bucket": BUCKET.arn,
        "cloudwatch:dashboard": `arn:aws:cloudwatch::${ACCOUNT}:dashboard/d`, "kms:alias": ALIAS.arn, "logs:log-stream": regional("logs", "log-group:g:log-stream:s"),
        "sns:topic": regional("sns", "t"), "sqs:queue": regional("sqs", "q"), "ssm:parameter": regional("ssm", "parameter/p"), "states:state-machine": regional("states", "stateMachine:m"),
    };
    const separator = ["lambda", "logs", "cloudwatch"].includes(service) ? ":" : "/";
    return special[kind] ?? regional(service, `${type}${separator}x`);
}

describe("a removal", () => {
    it("passes by what has gone already", async () => {
        const { options } = world({ DeleteFunctionCommand: () => { throw awsError("ResourceNotFoundException"); } });
        expect(await removeResources([FUNCTION], options)).to.deep.equal([]);
    });

    it("takes the policies of a role before the role", async () => {
        const { options, sent } = world({
            ListRolePoliciesCommand: () => ({ PolicyNames: ["inline"] }), ListAttachedRolePoliciesCommand: () => ({ AttachedPolicies: [{ PolicyArn: "arn:policy" }] }),
            DeleteRolePolicyCommand: () => ({}), DetachRolePolicyCommand: () => ({}), DeleteRoleCommand: () => ({}),
        });
        expect(await removeResources([ROLE], options)).to.deep.equal([]);
        expect(sent.map(({ name }) => name).filter((name) => !name.startsWith("List"))).to.deep.equal(["DeleteRolePolicyCommand", "DetachRolePolicyCommand", "DeleteRoleCommand"]);
    });

    it("tries again what is throttled or still held, and gives up after a while with the service's words", async () => {
        const errors = [awsError("ThrottlingException"), awsError("DependencyViolation")];
        const { options } = world({
            DeleteSubnetCommand: () => {
                const error = errors.shift();
                if (error !== undefined) throw error;
                return {};
            },
            DeleteVpcCommand: () => { throw awsError("DependencyViolation", "the vpc has dependencies"); },
        });
        const failed = await removeResources([SUBNET, VPC], options);
        expect(errors).to.deep.equal([]);
        expect(failed.map(({ resource, reason }) => [resource, reason])).to.deep.equal([[VPC, "DependencyViolation: the vpc has dependencies"]]);
    });

    it("goes on with the others when one is refused for good, asking once", async () => {
        const { options, sent } = world({ DeleteFunctionCommand: () => { throw awsError("AccessDeniedException"); }, DeleteLogGroupCommand: () => ({}) });
        const failed = await removeResources([FUNCTION, GROUP], options);
        expect(failed).to.have.length(1);
        expect(sent.map(({ name }) => name)).to.deep.equal(["DeleteFunctionCommand", "DeleteLogGroupCommand"]);
    });

    it("leaves the keys when data was to go and stays", async () => {
        const { options, sent } = world({ ListObjectVersionsCommand: () => { throw awsError("AccessDenied"); } });
        const failed = await removeResources([BUCKET, ALIAS, KEY], options);
        expect(failed.map(({ resource }) => resource)).to.deep.equal([BUCKET, ALIAS, KEY]);
        expect(failed[2]?.reason).to.include("may be encrypted with it");
        expect(sent.map(({ name }) => name)).to.deep.equal(["ListObjectVersionsCommand"]);
    });

    it("waits until a table is gone, lifts its protection first, and names one that stays", async () => {
        let looks = 0;
        const { options, sent } = world({
            DescribeTableCommand: () => {
                if (++looks > 3) throw awsError("ResourceNotFoundException");
                return { Table: { DeletionProtectionEnabled: true } };
            },
            UpdateTableCommand: () => ({}), DeleteTableCommand: () => ({}),
        });
        expect(await removeResources([TABLE], options)).to.deep.equal([]);
        expect(sent.map(({ name }) => name).filter((name) => name !== "DescribeTableCommand")).to.deep.equal(["UpdateTableCommand", "DeleteTableCommand"]);
        const stuck = world({ DescribeTableCommand: () => ({ Table: {} }), DeleteTableCommand: () => ({}) });
        expect((await removeResources([TABLE], { ...stuck.options, longestMs: 50 }))[0]?.reason).to.include("still there");
    });

    it("says until when a key can still be saved", async () => {
        const { options, told } = world({ DescribeKeyCommand: () => ({ KeyMetadata: { KeyState: "Enabled" } }), ScheduleKeyDeletionCommand: () => ({ DeletionDate: new Date("2026-12-01T00:00:00Z") }) });
        await removeResources([KEY], options);
        expect(told.join()).to.include("pending deletion until 2026-12-01");
    });

    it("stops when it is asked to", async () => {
        const { options } = world({});
        expect(await failureOf(removeResources([FUNCTION], { ...options, signal: AbortSignal.abort() }))).to.have.property("name", "AbortError");
    });
});

describe("emptying a bucket", () => {
    it("takes versions and markers of all pages, and uploads that were never completed", async () => {
        const pages = [{ Versions: [{ Key: "a", VersionId: "1" }], DeleteMarkers: [{ Key: "a", VersionId: "2" }] }, { Versions: [{ Key: "b", VersionId: "3" }] }];
        const uploads = [{ Key: "c", UploadId: "u" }];
        const { options, sent } = world({
            ListObjectVersionsCommand: () => pages[0] ?? {}, DeleteObjectsCommand: () => ({ was: pages.shift() }),
            ListMultipartUploadsCommand: () => ({ Uploads: uploads }), AbortMultipartUploadCommand: () => ({ was: uploads.pop() }),
        });
        expect(await emptyBucket("b", options)).to.equal(3);
        expect(sent.some(({ name }) => name === "AbortMultipartUploadCommand")).to.equal(true);
    });

    it("names the object that S3 keeps, instead of asking for ever", async () => {
        const { options } = world({
            ListObjectVersionsCommand: () => ({ Versions: [{ Key: "a", VersionId: "1" }] }),
            DeleteObjectsCommand: () => ({ Errors: [{ Key: "a", VersionId: "1", Code: "AccessDenied", Message: "object lock" }] }),
        });
        expect(describeError(await failureOf(emptyBucket("b", options)))).to.include("a (version 1): AccessDenied object lock");
    });
});
