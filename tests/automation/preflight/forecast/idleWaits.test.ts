import { expect } from "chai";
import { forecastGraph } from "../../../../automation/preflight/forecast/graphTime.ts";
import { findIdleWaits } from "../../../../automation/preflight/forecast/idleWaits.ts";
import { findWaits } from "../../../../automation/preflight/forecast/waits.ts";
import { buildPlan, urnOf } from "../../../../automation/preflight/samples.ts";
import type { SampleResource } from "../../../../automation/preflight/samples.ts";
import { rule as F28 } from "../../../../automation/preflight/rules/F28.ts";

const ROLE: SampleResource = { type: "aws:iam/role:Role", name: "worker-role" };
const POLICY: SampleResource = { type: "aws:iam/rolePolicy:RolePolicy", name: "worker-policy", dependencies: [urnOf(ROLE)], propertyDependencies: { role: [urnOf(ROLE)] } };
const WORKER: SampleResource = {
    type: "aws:lambda/function:Function", name: "worker", inputs: { name: "worker" },
    dependencies: [urnOf(ROLE), urnOf(POLICY)], propertyDependencies: { role: [urnOf(ROLE)] },
};

function findIn(...resources: readonly SampleResource[]) {
    const plan = buildPlan(...resources);
    return findIdleWaits({ stack: "dev", plan, graph: forecastGraph(plan.resources, findWaits(plan)), rules: [F28] });
}

describe("waiting for what is not used", () => {
    it("is found on the critical path, with what it costs and the rule that wants it", async () => {
        // Role 10, policy 2, function 10: without the wait for the policy 20 instead of 22.
        const [found, ...others] = await findIn(ROLE, POLICY, WORKER);
        expect(others).to.deep.equal([]);
        expect(found).to.deep.include({ waiter: "worker", waited: "worker-policy", because: "dependsOn", savesSeconds: 2 });
        expect(found?.demandedBy).to.deep.equal([{ id: "F28", what: "dev/worker: does not wait for worker-policy: its first call would lack permissions" }]);
    });

    it("is told also when a rule fails by itself", async () => {
        const plan = buildPlan(ROLE, POLICY, WORKER);
        const broken = { ...F28, id: "F99" as const, check: () => { throw new Error("the check is broken"); } };
        const [found] = await findIdleWaits({ stack: "dev", plan, graph: forecastGraph(plan.resources, findWaits(plan)), rules: [broken, F28] });
        expect(found?.demandedBy.map(({ id }) => id)).to.deep.equal(["F28"]);
    });

    it("says that no rule wants it where none does", async () => {
        const queue: SampleResource = { type: "aws:sqs/queue:Queue", name: "queue" };
        const [found] = await findIn(queue, { ...ROLE, dependencies: [urnOf(queue)] });
        expect(found).to.deep.include({ waiter: "worker-role", waited: "queue", savesSeconds: 10 });
        expect(found?.demandedBy).to.deep.equal([]);
    });

    it("is not what is used, and not what is off the critical path", async () => {
        const used: SampleResource = { ...WORKER, dependencies: [urnOf(ROLE)] };
        expect(await findIn(ROLE, used)).to.deep.equal([]);
        const long: SampleResource = { type: "aws:sagemaker/endpoint:Endpoint", name: "endpoint" };
        expect(await findIn(ROLE, POLICY, WORKER, long)).to.deep.equal([]);
    });

    it("counts chains of one shape together, of which one alone would never be quicker", async () => {
        const chain = (variant: string): readonly SampleResource[] => {
            const guard: SampleResource = { type: "aws:sqs/queue:Queue", name: `${variant}-queue` };
            return [guard, { type: "aws:kinesis/stream:Stream", name: `${variant}-stream`, dependencies: [urnOf(guard)] }];
        };
        // Queue 25, stream 30: side by side 30 instead of 55.
        const [found] = await findIn(...chain("champion"), ...chain("challenger"));
        expect(found).to.deep.include({ waiter: "champion-stream", savesSeconds: 25 });
    });

    it("names the component that makes somebody wait for more than it uses", async () => {
        const network: SampleResource = { type: "awsx:ec2:Vpc", name: "network", custom: false };
        const vpc: SampleResource = { type: "aws:ec2/vpc:Vpc", name: "vpc", parent: urnOf(network) };
        const nat: SampleResource = { type: "aws:ec2/natGateway:NatGateway", name: "nat", parent: urnOf(network), dependencies: [urnOf(vpc)], propertyDependencies: { subnetId: [urnOf(vpc)] } };
        const group: SampleResource = {
            type: "aws:ec2/securityGroup:SecurityGroup", name: "group", dependencies: [urnOf(network), urnOf(vpc)], propertyDependencies: { vpcId: [urnOf(network), urnOf(vpc)] },
        };
        // VPC 5, NAT 110, group 5: without the component's wait the NAT gateway is the end, at 115.
        const [found] = await findIn(network, vpc, nat, group);
        expect(found).to.deep.include({ waiter: "group", waited: "nat", because: "component", component: "network", savesSeconds: 5 });
    });
});
