import { expect } from "chai";
import { weighBackend } from "../../../automation/account/backendEvidence.ts";
import type { BackendEvidence } from "../../../automation/account/backendEvidence.ts";
import { sweepAccount } from "../../../automation/account/sweep.ts";
import type { SweepRequest } from "../../../automation/account/sweep.ts";
import type { BackendView, StackResource } from "../../../automation/engine/engine.ts";
import { describeError } from "../../../automation/errorReport.ts";
import { answersOfEmptyAccount, createFakeAccountClients } from "../../support/emptyAccount.ts";
import { awsError, createPhaseWorld, FakeEngine, failureOf } from "../../support/phaseWorld.ts";
import type { Answers, SentCommand } from "../../support/phaseWorld.ts";

const ACCOUNT = "111122223333";
const STACK = "dev--pr7";
const FOUND: BackendEvidence = { isFound: true, text: "s3://states knows dev--pr7" };

interface World { readonly sent: readonly SentCommand[]; request(changes: Partial<SweepRequest>): SweepRequest }

function world(given: Answers): World {
    const { context, sent } = createPhaseWorld(answersOfEmptyAccount(given));
    const clients = createFakeAccountClients(context.aws, ACCOUNT);
    return {
        sent,
        request: (changes) => ({
            clients, owner: { project: "firstlight", environment: STACK }, stack: STACK, hasSuffix: true, isNamed: false,
            knownToState: 0, backend: FOUND, isStateLost: false, applies: false, deletesData: false, signal: context.signal,
            progress: () => undefined, ...changes,
        }),
    };
}

/** Topics of the environment that disappear when they are deleted. */
function topics(...names: readonly string[]): Answers {
    const arns = new Set(names.map((name) => `arn:aws:sns:eu-central-1:${ACCOUNT}:firstlight-${STACK}-${name}`));
    return {
        ListTopicsCommand: () => ({ Topics: [...arns].map((TopicArn) => ({ TopicArn })) }),
        ListTagsForResourceCommand: () => ({ Tags: [{ Key: "Project", Value: "firstlight" }, { Key: "Environment", Value: STACK }] }),
        DeleteTopicCommand: ({ TopicArn }: { TopicArn: string }) => ({ was: arns.delete(TopicArn) }),
    };
}

describe("a sweep", () => {
    it("is refused while a state knows the stack, also as a dry run", async () => {
        const { request, sent } = world({});
        const failure = await failureOf(sweepAccount(request({ knownToState: 3 })));
        expect(describeError(failure)).to.include("still has 3 resources").and.to.include("destroy");
        expect(sent).to.deep.equal([]);
    });

    it("looks at a stack without a suffix, and touches it only when it was named again", async () => {
        const { request } = world({});
        const own = { hasSuffix: false, stack: "dev" };
        expect((await sweepAccount(request(own))).resources).to.deep.equal([]);
        expect(describeError(await failureOf(sweepAccount(request({ ...own, applies: true }))))).to.include("--confirm dev");
        expect((await sweepAccount(request({ ...own, applies: true, isNamed: true }))).resources).to.deep.equal([]);
    });

    it("deletes what is left of a pull request's environment, tells what it did, and why something stays", async () => {
        const tables = new Map([["firstlight-dev--pr7-a", true], ["firstlight-dev--pr7-b", false]]);
        const Tags = [{ Key: "Project", Value: "firstlight" }, { Key: "Environment", Value: "dev--pr7" }];
        const { request } = world({
            ListTablesCommand: () => ({ TableNames: [...tables.keys()] }), ListTagsOfResourceCommand: () => ({ Tags }),
            DescribeTableCommand: ({ TableName }: { TableName: string }) => {
                if (!tables.has(TableName)) throw awsError("ResourceNotFoundException");
                return { Table: {} };
            },
            DeleteTableCommand: ({ TableName }: { TableName: string }) => {
                if (tables.get(TableName) !== true) throw awsError("AccessDeniedException", "not this one");
                tables.delete(TableName);
            },
        });
        const result = await sweepAccount(request({ applies: true, deletesData: true }));
        expect(result.resources.map(({ label }) => label)).to.deep.equal(["firstlight-dev--pr7-a"]);
        expect(result.kept.map(({ resource, reason, isSpared }) => [resource.label, reason, isSpared])).to.deep.equal([
            ["firstlight-dev--pr7-b", "AccessDeniedException: not this one", false],
        ]);
    });

    it("does not take for lost what another backend may know, unless it is told so, and names the backend", async () => {
        const backend = { isFound: false, text: "file:///wrong knows neither dev--pr7 nor any other stack" };
        const { request, sent } = world(topics("alerts"));
        expect((await sweepAccount(request({ backend }))).resources, "a dry run").to.have.length(1);
        const refusal = describeError(await failureOf(sweepAccount(request({ backend, applies: true }))));
        expect(refusal).to.include("file:///wrong").and.to.include("PULUMI_BACKEND_URL").and.to.include("--state-lost");
        expect(sent.filter(({ name }) => name.startsWith("Delete"))).to.deep.equal([]);
        expect((await sweepAccount(request({ backend, applies: true, isStateLost: true }))).resources).to.have.length(1);
        expect((await sweepAccount(request({ backend, applies: true }))).resources, "nothing is left").to.deep.equal([]);
    });
});

describe("what speaks for a backend", () => {
    const place = { account: ACCOUNT, region: "eu-central-1" };
    const arnIn = (region: string, account: string): StackResource => (
        { urn: "u", type: "t", name: "n", custom: true, dependencies: [], inputs: {}, outputs: { arn: `arn:aws:sns:${region}:${account}:x` } });
    const ofTopic = (others: Readonly<Record<string, StackResource>>, deployed = false): BackendView => ({
        wasDeployed: async () => deployed, otherStacks: async () => Object.keys(others),
        resourcesOf: async (name) => Object.entries(others).filter(([other]) => other === name).map(([, resource]) => resource),
    });
    const weigh = (backendView?: BackendView): Promise<BackendEvidence> =>
        weighBackend({ engine: Object.assign(new FakeEngine(), backendView === undefined ? {} : { backendView }), backend: "s3://states", stack: STACK, place });

    it("is that the stack was deployed with it, or another one in the same account and region", async () => {
        expect(await weigh(ofTopic({}, true))).to.deep.equal({ isFound: true, text: "s3://states knows dev--pr7" });
        const beside = await weigh(ofTopic({ prod: arnIn("eu-central-1", "999999999999"), dev: arnIn("eu-central-1", ACCOUNT) }));
        expect(beside.isFound).to.equal(true);
        expect(beside.text).to.include("s3://states").and.to.include("but dev");
    });

    it("is no stack of another account or region, and no empty backend", async () => {
        const views = [ofTopic({}), ofTopic({ prod: arnIn("eu-central-1", "999999999999") }), ofTopic({ dev: arnIn("us-east-1", ACCOUNT) })];
        const weighed = await Promise.all(views.map(weigh));
        expect(weighed.map(({ isFound }) => isFound)).to.deep.equal([false, false, false]);
        expect(weighed[0]?.text).to.include("s3://states").and.to.include(ACCOUNT);
    });

    it("is asked of no engine that keeps one stack's state", async () => {
        expect((await weigh()).isFound).to.equal(true);
    });
});
