/** Half-made things: waited for while something can become of them, deleted when nothing can. */
import { expect } from "chai";
import type { AccountLookup } from "../../../automation/account/accountLookup.ts";
import type { AccountClients } from "../../../automation/account/clients.ts";
import { createIdentities } from "../../../automation/account/identities.ts";
import { resolvePendingOperations } from "../../../automation/account/pendingOperations.ts";
import { describeError } from "../../../automation/errorReport.ts";
import type { PendingOperation, Settlement } from "../../../automation/engine/engine.ts";
import type { PropertyMap } from "../../../automation/engine/provider.ts";
import { awsError, createPhaseWorld, failureOf } from "../../support/phaseWorld.ts";
import type { Answers, PhaseWorld } from "../../support/phaseWorld.ts";

const OWNER = { project: "firstlight", environment: "dev" };
const TAGS = [{ Key: "Project", Value: "firstlight" }, { Key: "Environment", Value: "dev" }];

function pendingCreate(type: string, inputs: PropertyMap): PendingOperation {
    return { urn: `urn:pulumi:dev::firstlight::${type}::it`, type, name: "it", operation: "creating", inputs };
}

interface Resolved {
    readonly settlements: readonly Settlement[];
    readonly outcomes: readonly string[];
    readonly sent: readonly string[];
}

/** Resolves pending creates in an account that answers so. */
async function resolve(operations: PendingOperation | readonly PendingOperation[], answers: Answers): Promise<Resolved> {
    const world: PhaseWorld = createPhaseWorld(answers);
    const settlements: Settlement[] = [];
    Object.assign(world.engine, {
        pendingOperations: async () => [operations].flat(),
        settle: async (given: readonly Settlement[]) => { settlements.push(...given); },
    });
    const otherCalls: string[] = [];
    const other = {
        async send(command: { constructor: { name: string }; input: unknown }): Promise<unknown> {
            otherCalls.push(command.constructor.name);
            return answers[command.constructor.name]?.(command.input as never);
        },
    };
    const clients = { aws: world.context.aws, accountId: "111122223333", ec2: other, apigateway: other } as unknown as AccountClients;
    const refuse = (): Promise<never> => Promise.reject(new Error("nothing is planned"));
    const lookup: AccountLookup = { clients, owner: OWNER, identities: createIdentities(OWNER), folder: "/nowhere", planning: refuse, recordPlan: refuse };
    await resolvePendingOperations(world.context, lookup);
    const outcomes = world.reporter.events.flatMap((event) => (event.kind === "pending" ? [event.outcome] : []));
    return { settlements, outcomes, sent: [...world.sent.map(({ name }) => name), ...otherCalls] };
}

/** Answers in turn, the last one for ever. */
function inTurn(...answers: readonly unknown[]): () => unknown {
    let next = 0;
    return () => {
        const answer = answers[Math.min(next++, answers.length - 1)];
        if (answer instanceof Error) throw answer;
        return answer;
    };
}

const GONE = Object.assign(new Error("Could not find endpoint \"e\"."), { name: "ValidationException" });

describe("a pending create", () => {
    it("of two things that differ in nothing but their ids takes one each, also when the state has none of the kind", async () => {
        const inputs = { apiId: "a1", integrationUri: "arn:aws:lambda:eu-central-1:111122223333:function:models", integrationType: "AWS_PROXY" };
        const pending = ["models", "model-versions"].map((name): PendingOperation => ({
            ...pendingCreate("aws:apigatewayv2/integration:Integration", inputs), urn: `urn:pulumi:dev::firstlight::integration::${name}`, name,
        }));
        const found = ["i1", "i2"].map((IntegrationId) => ({ IntegrationId, IntegrationUri: inputs.integrationUri, IntegrationType: "AWS_PROXY" }));
        const { settlements } = await resolve(pending, {
            GetIntegrationsCommand: () => ({ Items: found }), GetTagsCommand: () => ({ Tags: { Project: "firstlight", Environment: "dev" } }),
        });
        expect(settlements.map(({ urn, id }) => [urn, id])).to.deep.equal([[pending[0]?.urn, "i1"], [pending[1]?.urn, "i2"]]);
    });

    it("of a bucket that has no tags yet, since a run was killed before its second call, is adopted; another's is not", async () => {
        const bucket = pendingCreate("aws:s3/bucket:Bucket", { bucket: "firstlight-dev-raw-111122223333-eu-central-1-abcd1234" });
        const untagged = await resolve(bucket, { GetBucketTaggingCommand: () => { throw awsError("NoSuchTagSet"); } });
        expect(untagged.settlements).to.deep.equal([{ urn: bucket.urn, id: bucket.inputs["bucket"] }]);
        const theirs = await resolve(bucket, { GetBucketTaggingCommand: () => ({ TagSet: [{ Key: "Project", Value: "other" }] }) });
        expect(theirs.settlements).to.deep.equal([{ urn: bucket.urn }]);
    });

    it("of the buckets' random part stops the run where a bucket of the stack hides its tags: all would be made a second time", async () => {
        const name = "firstlight-dev-raw-111122223333-eu-central-1-abcd1234";
        const random = pendingCreate("random:index/randomId:RandomId", { byteLength: 4 });
        const answers: Answers = { ListBucketsCommand: () => ({ Buckets: [{ Name: name }] }), GetBucketTaggingCommand: () => { throw awsError("AccessDenied"); } };
        expect(describeError(await failureOf(resolve(random, answers)))).to.contain(name).and.contain("s3:GetBucketTagging");
        const others = { ...answers, ListBucketsCommand: () => ({ Buckets: [{ Name: "somebody-else-abcd1234" }] }) };
        expect((await resolve(random, others)).outcomes).to.deep.equal(["forgotten"]);
    });

    it("of an endpoint that failed has it deleted, waits until it is gone, and forgets it", async () => {
        const arn = "arn:aws:sagemaker:eu-central-1:111122223333:endpoint/e";
        const { settlements, outcomes, sent } = await resolve(pendingCreate("aws:sagemaker/endpoint:Endpoint", { name: "e" }), {
            DescribeEndpointCommand: inTurn({ EndpointStatus: "Failed", EndpointArn: arn }, { EndpointStatus: "Deleting", EndpointArn: arn }, GONE),
            ListTagsCommand: () => ({ Tags: TAGS }),
            DeleteEndpointCommand: () => ({}),
        });
        expect(outcomes).to.deep.equal(["deleted"]);
        expect(settlements.map(({ id }) => id)).to.deep.equal([undefined]);
        expect(sent.filter((name) => name === "DeleteEndpointCommand")).to.have.length(1);
    });

    it("of an endpoint that failed and is somebody else's touches nothing", async () => {
        const { outcomes, sent } = await resolve(pendingCreate("aws:sagemaker/endpoint:Endpoint", { name: "e" }), {
            DescribeEndpointCommand: () => ({ EndpointStatus: "Failed", EndpointArn: "arn" }),
            ListTagsCommand: () => ({ Tags: [{ Key: "Project", Value: "another" }] }),
        });
        expect(outcomes).to.deep.equal(["forgotten"]);
        expect(sent).to.not.include("DeleteEndpointCommand");
    });

    it("of a table waits until the table is there, and adopts it", async () => {
        const table = (TableStatus: string): unknown => ({ Table: { TableName: "t", TableArn: "arn:t", TableStatus } });
        const { settlements, outcomes, sent } = await resolve(pendingCreate("aws:dynamodb/table:Table", { name: "t" }), {
            DescribeTableCommand: inTurn(table("CREATING"), table("ACTIVE")),
            ListTagsOfResourceCommand: () => ({ Tags: TAGS }),
        });
        expect(outcomes).to.deep.equal(["adopted"]);
        expect(settlements.map(({ id }) => id)).to.deep.equal(["t"]);
        expect(sent.filter((name) => name === "DescribeTableCommand")).to.have.length(3);
    });

    it("of a NAT gateway that failed deletes the failed one, and adopts none", async () => {
        const gateway = (State: string): unknown => ({ NatGateways: [{ NatGatewayId: "nat-1", SubnetId: "subnet-1", State, Tags: TAGS }] });
        const states = ["failed", "failed", "deleting", "deleting", "deleting", "deleted"];
        const { outcomes, sent } = await resolve(pendingCreate("aws:ec2/natGateway:NatGateway", { subnetId: "subnet-1", tags: {} }), {
            DescribeNatGatewaysCommand: inTurn(...states.map(gateway)),
            DeleteNatGatewayCommand: () => ({}),
        });
        expect(outcomes).to.deep.equal(["deleted"]);
        expect(sent.filter((name) => name === "DeleteNatGatewayCommand")).to.have.length(1);
    });

    it("of what is in the state only is forgotten, and the account is not asked", async () => {
        const { outcomes, sent } = await resolve(pendingCreate("command:local:Command", { create: "true" }), {});
        expect([outcomes, sent]).to.deep.equal([["forgotten"], []]);
    });

    it("that overwrites what is there is forgotten, since it can be done again", async () => {
        const { outcomes, sent } = await resolve(pendingCreate("aws:s3/bucketPolicy:BucketPolicy", { bucket: "b" }), {});
        expect([outcomes, sent]).to.deep.equal([["forgotten"], []]);
    });
});
