import { readFileSync } from "node:fs";
import { expect } from "chai";
import { arnKinds, describeArn } from "../../../automation/account/owned/arnKinds.ts";
import { listOwnedResources, surveyAccount } from "../../../automation/account/ownedResources.ts";
import { cloudDefinitions } from "../../../automation/rehearsal/handlers/provider.ts";
import { answersOfEmptyAccount, createFakeAccountClients } from "../../support/emptyAccount.ts";
import { awsError, createPhaseWorld, failureOf } from "../../support/phaseWorld.ts";
import type { Answers, PhaseWorld } from "../../support/phaseWorld.ts";

const ACCOUNT = "111122223333";
const OWNER = { project: "firstlight", environment: "dev" };
const OURS = [{ Key: "Project", Value: "firstlight" }, { Key: "Environment", Value: "dev" }];
const regional = (service: string, resource: string): string => `arn:aws:${service}:eu-central-1:${ACCOUNT}:${resource}`;

function survey(given: Answers): { result: ReturnType<typeof surveyAccount>; world: PhaseWorld } {
    const world = createPhaseWorld(answersOfEmptyAccount(given));
    return { result: surveyAccount(createFakeAccountClients(world.context.aws, ACCOUNT), OWNER), world };
}

describe("what an ARN says", () => {
    const examples: readonly (readonly [arn: string, type: string | undefined, id: string | undefined])[] = [
        ["arn:aws:s3:::firstlight-dev-raw", "aws:s3/bucket:Bucket", "firstlight-dev-raw"],
        [regional("dynamodb", "table/t"), "aws:dynamodb/table:Table", "t"],
        [regional("lambda", "function:f"), "aws:lambda/function:Function", "f"],
        [regional("logs", "log-group:/aws/lambda/f:*"), "aws:cloudwatch/logGroup:LogGroup", "/aws/lambda/f"],
        [regional("logs", "log-group:/aws/sagemaker/TrainingJobs:log-stream:j/algo-1"), undefined, undefined],
        ["arn:aws:apigateway:eu-central-1::/apis/abc", "aws:apigatewayv2/api:Api", "abc"],
        ["arn:aws:apigateway:eu-central-1::/apis/abc/stages/$default", "aws:apigatewayv2/stage:Stage", "abc/$default"],
        [`arn:aws:iam::${ACCOUNT}:role/some/path/r`, "aws:iam/role:Role", "r"],
        [`arn:aws:budgets::${ACCOUNT}:budget/b`, "aws:budgets/budget:Budget", `${ACCOUNT}:b`],
        [regional("sns", "t"), "aws:sns/topic:Topic", regional("sns", "t")],
        [regional("ssm", "parameter/firstlight/dev/inference/switch"), "aws:ssm/parameter:Parameter", "/firstlight/dev/inference/switch"],
        [regional("states", "stateMachine:m"), "aws:sfn/stateMachine:StateMachine", regional("states", "stateMachine:m")],
        [regional("ec2", "vpc/vpc-1"), "aws:ec2/vpc:Vpc", "vpc-1"],
        [regional("kms", "alias/a"), "aws:kms/alias:Alias", "alias/a"],
        [`arn:aws-cn:kms:cn-north-1:${ACCOUNT}:key/k`, "aws:kms/key:Key", "k"],
        [regional("elasticache", "cluster:c"), undefined, undefined],
    ];

    for (const [arn, type, id] of examples) {
        it(`${arn} is ${type ?? "nothing that the program declares"}`, () => {
            expect(describeArn(arn)).to.include({ type, id });
        });
    }

    it("is known for every type of the program that carries tags", () => {
        const known = new Set(arnKinds.map(({ type }) => type));
        // Rules of security groups go with their groups.
        const tagged = cloudDefinitions.filter(({ table }) => "tags" in table.inputs).map(({ table }) => table.type).filter((type) => !type.includes("securityGroup") || type.endsWith(":SecurityGroup"));
        expect(tagged.length).to.be.greaterThan(20);
        expect(tagged.filter((type) => !known.has(type))).to.deep.equal([]);
    });
});

describe("what a stack owns", () => {
    it("is what carries both tags, whatever its name begins with", async () => {
        const tags: Readonly<Record<string, unknown>> = {
            "firstlight-dev-a": OURS, "firstlight-dev--pr7-b": [OURS[0], { Key: "Environment", Value: "dev--pr7" }], "firstlight-dev-c": [],
        };
        const { result } = survey({
            ListTablesCommand: () => ({ TableNames: [...Object.keys(tags), "other"] }),
            ListTagsOfResourceCommand: ({ ResourceArn }: { ResourceArn: string }) => ({ Tags: tags[ResourceArn.split("/")[1] ?? ""] }),
        });
        expect((await result).resources.map(({ label }) => label)).to.deep.equal(["firstlight-dev-a"]);
    });

    it("does not cost a call for what cannot be ours by its name", async () => {
        const { result, world } = survey({ ListFunctionsCommand: () => ({ Functions: [{ FunctionName: "other", FunctionArn: regional("lambda", "function:other") }] }) });
        await result;
        expect(world.sent.filter(({ name }) => name === "ListTagsCommand")).to.deep.equal([]);
    });

    it("has what the tagging API names under another name, but not what only that still remembers", async () => {
        const { result } = survey({
            GetResourcesCommand: () => ({ ResourceTagMappingList: [
                { ResourceARN: regional("lambda", "function:renamed"), Tags: OURS }, { ResourceARN: regional("lambda", "function:deleted"), Tags: OURS },
                { ResourceARN: regional("elasticache", "cluster:c"), Tags: OURS },
            ] }),
            ListFunctionsCommand: () => ({ Functions: [{ FunctionName: "renamed", FunctionArn: regional("lambda", "function:renamed") }] }),
            ListTagsCommand: () => ({ Tags: { Project: "firstlight", Environment: "dev" } }),
        });
        expect((await result).resources.map(({ arn }) => arn)).to.deep.equal([regional("elasticache", "cluster:c"), regional("lambda", "function:renamed")]);
    });

    it("has buckets of this region alone", async () => {
        const { result } = survey({
            ListBucketsCommand: () => ({ Buckets: [{ Name: "firstlight-dev-here" }, { Name: "firstlight-dev-there" }] }),
            GetBucketTaggingCommand: ({ Bucket }: { Bucket: string }) => {
                if (Bucket.endsWith("there")) throw awsError("PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint.");
                return { TagSet: OURS };
            },
        });
        expect((await result).resources.map(({ label }) => label)).to.deep.equal(["firstlight-dev-here"]);
    });

    it("has roles of this region alone", async () => {
        const role = (name: string): object => ({ RoleName: name, Arn: `arn:aws:iam::${ACCOUNT}:role/${name}` });
        const { result } = survey({
            ListRolesCommand: () => ({ Roles: [role("firstlight-dev-serving-eu-central-1"), role("firstlight-dev-serving-us-east-1")] }),
            ListRoleTagsCommand: () => ({ Tags: OURS }),
        });
        expect((await result).resources.map(({ label }) => label)).to.deep.equal(["firstlight-dev-serving-eu-central-1"]);
    });

    it("leaves out what has gone between the list and the look at its tags", async () => {
        const { result } = survey({
            ListBucketsCommand: () => ({ Buckets: [{ Name: "firstlight-dev-raw-1" }, { Name: "firstlight-dev-raw-2" }] }),
            GetBucketTaggingCommand: ({ Bucket }: { Bucket: string }) => {
                if (Bucket.endsWith("1")) throw awsError("NoSuchBucket");
                return { TagSet: OURS };
            },
        });
        expect((await result).resources.map(({ label }) => label)).to.deep.equal(["firstlight-dev-raw-2"]);
    });

    it("has an alias with its key, and a key that waits for its deletion apart", async () => {
        const { result } = survey({
            ListAliasesCommand: () => ({ Aliases: [{ AliasName: "alias/firstlight-dev-s3", TargetKeyId: "k1" }, { AliasName: "alias/aws/s3", TargetKeyId: "k0" }] }),
            ListKeysCommand: () => ({ Keys: ["k0", "k1"].map((id) => ({ KeyId: id, KeyArn: regional("kms", `key/${id}`) })) }),
            ListResourceTagsCommand: ({ KeyId }: { KeyId: string }) => {
                if (KeyId === "k0") throw new Error("AWS's own keys are not asked");
                return { Tags: OURS.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })) };
            },
            DescribeKeyCommand: () => ({ KeyMetadata: { DeletionDate: new Date("2026-12-01T00:00:00Z") } }),
        });
        const { resources, pending } = await result;
        expect(resources.map(({ id }) => id)).to.deep.equal(["alias/firstlight-dev-s3"]);
        expect(pending.map(({ id }) => id)).to.deep.equal(["k1"]);
    });

    it("says what could not be looked at, and fails with any other error", async () => {
        const denied = survey({ ListTopicsCommand: () => { throw awsError("AuthorizationErrorException"); } });
        expect((await denied.result).unseen).to.deep.equal([{ what: "topics of SNS", error: "AuthorizationErrorException", isDenied: true }]);
        const broken = survey({ ListTopicsCommand: () => { throw awsError("InternalErrorException"); } });
        expect(await failureOf(broken.result)).to.have.property("name", "InternalErrorException");
    });

    it("is listed without what waits for its deletion", async () => {
        const { context } = createPhaseWorld(answersOfEmptyAccount({
            ListKeysCommand: () => ({ Keys: ["k1", "k2"].map((id) => ({ KeyId: id, KeyArn: regional("kms", `key/${id}`) })) }),
            ListResourceTagsCommand: () => ({ Tags: OURS.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })) }),
            DescribeKeyCommand: ({ KeyId }: { KeyId: string }) => ({ KeyMetadata: KeyId === "k1" ? { DeletionDate: new Date() } : {} }),
        }));
        expect((await listOwnedResources(createFakeAccountClients(context.aws, ACCOUNT), OWNER)).map(({ id }) => id)).to.deep.equal(["k2"]);
    });

    it("has the log group that Lambda wrote anew for any function of the program, and nobody else's", async () => {
        const program = readFileSync(new URL("../../../index.ts", import.meta.url), "utf8");
        const parts = [...(/const FUNCTIONS = \[([^\]]+)\]/.exec(program)?.[1] ?? "").matchAll(/"([a-z-]+)"/g)].map(([, part]) => part ?? "");
        const names = [...parts, "eu-inference"].map((part) => `/aws/lambda/firstlight-dev-${part}`);
        const { result } = survey({
            DescribeLogGroupsCommand: ({ logGroupNamePrefix }: { logGroupNamePrefix: string }) => ({ logGroups: names.filter((name) => name.startsWith(logGroupNamePrefix)).map((logGroupName) => ({ logGroupName })) }),
        });
        expect(parts.length).to.be.greaterThan(9);
        expect((await result).resources.map(({ id }) => id).sort()).to.deep.equal(names.slice(0, -1).sort());
    });
});
