/** What becomes of a rule whose question the account does not answer. */
import { expect } from "chai";
import { UnansweredError } from "../../../../automation/preflight/account/accountView.ts";
import type { AccountView } from "../../../../automation/preflight/account/accountView.ts";
import type { PreflightResult } from "../../../../automation/preflight/result.ts";
import type { RuleId } from "../../../../automation/preflight/rule.ts";
import { runPreflight } from "../../../../automation/preflight/runPreflight.ts";
import { buildAccount, buildConfig, buildPlan } from "../../../../automation/preflight/samples.ts";
import type { SampleResource } from "../../../../automation/preflight/samples.ts";

const DENIED = "the credentials may not ask sagemaker:DescribeEndpoint, which the policy of --preflight-role allows";
const refuse = async (): Promise<never> => { throw new UnansweredError(DENIED, "denied"); };
const ENDPOINT: SampleResource = { type: "aws:sagemaker/endpoint:Endpoint", name: "champion", inputs: { name: "champion" } };
const TABLE: SampleResource = { type: "aws:dynamodb/table:Table", name: "orders", inputs: { name: "orders" } };
const ROLE: SampleResource = { type: "aws:iam/role:Role", name: "worker-role", inputs: { name: "worker" } };

async function run(id: RuleId, view: Partial<AccountView>, ...resources: readonly SampleResource[]): Promise<PreflightResult> {
    const plan = buildPlan(...resources);
    const plans = { asIs: plan, endpointsOn: plan };
    return runPreflight({ stack: "dev", config: buildConfig(), state: [], plans, account: buildAccount(view) }, { only: [id] });
}

describe("a rule whose question is not answered", () => {
    it("counts as not checked, with the reason, and not as failed", async () => {
        const { findings, passed, notChecked } = await run("F40", { quota: refuse });
        expect({ findings, passed }).to.deep.equal({ findings: [], passed: [] });
        expect(notChecked).to.deep.equal([{ id: "F40", because: DENIED }]);
    });

    it("still says what it found in the plan", async () => {
        const { findings, notChecked } = await run("F02", { endpointNamed: refuse }, ENDPOINT);
        expect(findings.map(({ what }) => what)).to.deep.equal(["the endpoint depends on no guard that waits for its name"]);
        expect(notChecked).to.deep.equal([{ id: "F02", because: DENIED }]);
    });

    it("still says what other questions found, each reason once", async () => {
        const { findings, notChecked } = await run("F22", {
            existing: async ({ type }) => (type === ROLE.type ? refuse() : { id: "orders", outputs: {}, tags: {}, isOurs: false }),
            owned: refuse,
        }, TABLE, ROLE);
        expect(findings.map(({ where, severity }) => `${severity} ${where}`)).to.deep.equal(["blocker dev/orders"]);
        expect(notChecked).to.deep.equal([{ id: "F22", because: DENIED }]);
    });

    it("says which kinds of the stack's own could not be looked for", async () => {
        const { notChecked } = await run("F22", { unseen: async () => ["roles of IAM: AccessDenied"] }, TABLE);
        const because = "what is the stack's could not be looked for among roles of IAM: AccessDenied";
        expect(notChecked).to.deep.equal([{ id: "F22", because }]);
    });
});

describe("what lies beside the state", () => {
    it("is told with the line that imports it", async () => {
        const parent = "urn:pulumi:dev::firstlight::firstlight:data:Storage::storage";
        const existing = async () => ({ id: "orders", outputs: {}, isOurs: true });
        const { findings } = await run("F22", { existing }, { ...TABLE, parent });
        expect(findings.map(({ fix }) => fix)).to.deep.equal([
            `pulumi import 'aws:dynamodb/table:Table' 'orders' 'orders' --parent 'storage=${parent}'; `
            + "all at once: node automation/deploy.ts adopt --stack dev",
        ]);
    });

    it("is told with it also where only the tags say what it is", async () => {
        const tags = { Name: "network" };
        const vpc = { arn: "arn:aws:ec2:eu-central-1:1:vpc/vpc-1", type: "aws:ec2/vpc:Vpc", id: "vpc-1", label: "network (vpc-1)", tags };
        const { findings } = await run("F22", { owned: async () => [vpc] }, { type: vpc.type, name: "network", inputs: { tags } });
        expect(findings.map(({ fix }) => fix.split(";")[0])).to.deep.equal(["pulumi import 'aws:ec2/vpc:Vpc' 'network' 'vpc-1'"]);
    });
});
