import { expect } from "chai";
import { findWaits, withoutWaits } from "../../../../automation/preflight/forecast/waits.ts";
import type { Wait } from "../../../../automation/preflight/forecast/waits.ts";
import { buildPlan, urnOf } from "../../../../automation/preflight/samples.ts";
import type { SampleResource } from "../../../../automation/preflight/samples.ts";

const NETWORK: SampleResource = { type: "awsx:ec2:Vpc", name: "network", custom: false };
const VPC: SampleResource = { type: "aws:ec2/vpc:Vpc", name: "network", parent: urnOf(NETWORK) };
const SUBNET: SampleResource = { type: "aws:ec2/subnet:Subnet", name: "public", parent: urnOf(VPC), dependencies: [urnOf(VPC)], propertyDependencies: { vpcId: [urnOf(VPC)] } };
const NAT: SampleResource = { type: "aws:ec2/natGateway:NatGateway", name: "nat", parent: urnOf(SUBNET), dependencies: [urnOf(SUBNET)] };
const GROUP: SampleResource = {
    type: "aws:ec2/securityGroup:SecurityGroup", name: "group", dependencies: [urnOf(NETWORK), urnOf(VPC)], propertyDependencies: { vpcId: [urnOf(NETWORK), urnOf(VPC)] },
};

function waitsOf(waiter: SampleResource, ...resources: readonly SampleResource[]): readonly Wait[] {
    return findWaits(buildPlan(waiter, ...resources)).get(urnOf(waiter)) ?? [];
}

describe("what a resource waits for", () => {
    it("is what its inputs come from, what dependsOn names, and its parent, each once by its best reason", () => {
        expect(waitsOf(SUBNET, NETWORK, VPC)).to.deep.equal([{ urn: urnOf(VPC), because: "input" }]);
        expect(waitsOf(NAT, NETWORK, VPC, SUBNET)).to.deep.equal([{ urn: urnOf(SUBNET), because: "dependsOn" }]);
        expect(waitsOf({ ...NAT, dependencies: [] }, NETWORK, VPC, SUBNET)).to.deep.equal([{ urn: urnOf(SUBNET), because: "parent" }]);
    });

    it("is all of a component whose output it uses, since the component's package answers when all of it is there", () => {
        expect(waitsOf(GROUP, NETWORK, VPC, SUBNET, NAT)).to.deep.equal([
            { urn: urnOf(VPC), because: "input" },
            { urn: urnOf(SUBNET), because: "component", component: urnOf(NETWORK) },
            { urn: urnOf(NAT), because: "component", component: urnOf(NETWORK) },
        ]);
    });

    it("is a whole component when dependsOn names it, but never itself, what stands below it, or what is not in the plan", () => {
        const within: SampleResource = { type: "aws:ec2/eip:Eip", name: "eip", parent: urnOf(NETWORK), dependencies: [urnOf(NETWORK), "urn:pulumi:dev::firstlight::pulumi:providers:aws::default"] };
        expect(waitsOf(within, NETWORK, VPC)).to.deep.equal([{ urn: urnOf(NETWORK), because: "parent" }]);
        const after: SampleResource = { type: "aws:ec2/eip:Eip", name: "eip", dependencies: [urnOf(NETWORK)] };
        expect(waitsOf(after, NETWORK, VPC)).to.deep.equal([{ urn: urnOf(VPC), because: "dependsOn", component: urnOf(NETWORK) }]);
        expect(waitsOf({ ...VPC, dependencies: [urnOf(SUBNET)] }, NETWORK, SUBNET)).to.deep.equal([{ urn: urnOf(NETWORK), because: "parent" }]);
    });

    it("can be asked what it were without some of it", () => {
        const waits = findWaits(buildPlan(NETWORK, VPC, SUBNET, NAT));
        const left = withoutWaits(waits, (waiter, { because }) => waiter === urnOf(NAT) && because === "dependsOn");
        expect(left.get(urnOf(NAT))).to.deep.equal([]);
        expect(left.get(urnOf(SUBNET))).to.have.length(1);
    });
});
