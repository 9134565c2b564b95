import { expect } from "chai";
import fc from "fast-check";
import { forecastGraph } from "../../../../automation/preflight/forecast/graphTime.ts";
import { findWaits } from "../../../../automation/preflight/forecast/waits.ts";
import { buildPlan, urnOf } from "../../../../automation/preflight/samples.ts";
import type { SampleResource } from "../../../../automation/preflight/samples.ts";
import { expectResource, timedTypes } from "../../../../components/facts/provisioningTimes.ts";

const VPC: SampleResource = { type: "aws:ec2/vpc:Vpc", name: "network" };
const SUBNET: SampleResource = { type: "aws:ec2/subnet:Subnet", name: "public", dependencies: [urnOf(VPC)] };
const NAT: SampleResource = { type: "aws:ec2/natGateway:NatGateway", name: "nat", dependencies: [urnOf(SUBNET)] };
const TABLE: SampleResource = { type: "aws:dynamodb/table:Table", name: "table" };

function timeOf(...resources: readonly SampleResource[]) {
    const plan = buildPlan(...resources);
    return forecastGraph(plan.resources, findWaits(plan));
}

describe("the time of a graph", () => {
    it("is that of the longest chain: VPC 2/5/20, subnet 2/5/20, NAT gateway 80/110/240", () => {
        const { seconds, path, oneByOne, changes } = timeOf(TABLE, NAT, SUBNET, VPC);
        expect(seconds).to.deep.equal({ min: 84, typical: 120, max: 280 });
        expect(path.map(({ name }) => name)).to.deep.equal(["network", "public", "nat"]);
        expect(path.map((step) => step.seconds.typical)).to.deep.equal([5, 5, 110]);
        expect(path[2]?.source).to.match(/pull\/38363$/);
        // The table beside them: 6/12/60.
        expect(oneByOne).to.deep.equal({ min: 90, typical: 132, max: 340 });
        expect(changes).to.equal(4);
    });

    it("takes the longest chain of each bound for itself: a bucket with two settings is quicker than a table unless all is slow", () => {
        const bucket: SampleResource = { type: "aws:s3/bucket:Bucket", name: "bucket" };
        const policy: SampleResource = { type: "aws:s3/bucketPolicy:BucketPolicy", name: "policy", dependencies: [urnOf(bucket)] };
        const logging: SampleResource = { type: "aws:s3/bucketLogging:BucketLogging", name: "logging", dependencies: [urnOf(policy)] };
        // 3 + 1 + 1, 8 + 2 + 2, 30 + 30 + 30 beside 6, 12, 60.
        const { seconds } = timeOf(TABLE, bucket, policy, logging);
        expect(seconds).to.deep.equal({ min: 6, typical: 12, max: 90 });
    });

    it("tells the kinds of VPC endpoints apart", () => {
        const endpoint = (vpcEndpointType: string): SampleResource => ({ type: "aws:ec2/vpcEndpoint:VpcEndpoint", name: vpcEndpointType, inputs: { vpcEndpointType } });
        expect(timeOf(endpoint("Gateway")).seconds).to.deep.equal({ min: 5, typical: 10, max: 30 });
        expect(timeOf(endpoint("Interface")).seconds).to.deep.equal({ min: 45, typical: 90, max: 300 });
    });

    it("counts neither components nor what stays as it is, and follows the chain through them", () => {
        const still: SampleResource = { ...SUBNET, operation: "same" };
        const component: SampleResource = { type: "firstlight:networking:Networking", name: "networking", custom: false };
        const { seconds, changes, path } = timeOf(VPC, still, NAT, component);
        expect(seconds.typical).to.equal(115);
        expect(path.map(({ name }) => name)).to.deep.equal(["network", "nat"]);
        expect(changes).to.equal(2);
    });

    it("is nothing for an empty graph", () => {
        expect(timeOf()).to.deep.equal({ seconds: { min: 0, typical: 0, max: 0 }, path: [], oneByOne: { min: 0, typical: 0, max: 0 }, changes: 0 });
    });

    it("is never longer than one after the other and never shorter than the longest resource; each step waits for the one before", () => {
        const resource = fc.record({ type: fc.constantFrom(...timedTypes), before: fc.array(fc.nat(20), { maxLength: 4 }), parent: fc.option(fc.nat(20)) });
        fc.assert(fc.property(fc.array(resource, { minLength: 1, maxLength: 20 }), (drawn) => {
            const urnAt = (index: number): string => urnOf({ type: drawn[index]!.type, name: `r${index}` });
            const plan = buildPlan(...drawn.map(({ type, before, parent }, index): SampleResource => ({
                type, name: `r${index}`, inputs: { vpcEndpointType: "Interface" }, dependencies: before.filter((each) => each < index).map(urnAt), ...(parent !== null && parent < index ? { parent: urnAt(parent) } : {}),
            })));
            const waits = findWaits(plan);
            const { seconds, oneByOne, path } = forecastGraph(plan.resources, waits);
            for (const bound of ["min", "typical", "max"] as const) {
                expect(seconds[bound]).to.be.at.most(oneByOne[bound]);
                expect(seconds[bound]).to.be.at.least(Math.max(...drawn.map(({ type }) => expectResource(type, "create")[bound])));
            }
            const reaches = (from: string, to: string): boolean => (waits.get(from) ?? []).some(({ urn }) => urn === to || reaches(urn, to));
            for (const [index, step] of path.entries()) if (index > 0) expect(reaches(step.urn, path[index - 1]!.urn)).to.equal(true);
        }), { seed: 6, numRuns: 300 });
    });
});
