import { expect } from "chai";
import { partitions } from "../../../components/facts/partitions.ts";
import { findAvailability, regionalFeatures, vpcLinkZones } from "../../../components/facts/regions.ts";
import type { RegionalFeature, RegionalFeatureName } from "../../../components/facts/regions.ts";

const rows: readonly (readonly [string, RegionalFeature])[] = Object.entries(regionalFeatures);
const PLACES = ["us-east-1", "eu-central-1", "ap-northeast-1", "cn-north-1", "us-gov-west-1", "mx-central-1"];

describe("what regions have", () => {
    it("is known, unknown or absent, by region and by partition", () => {
        const expected: Readonly<Record<RegionalFeatureName, readonly string[]>> = {
            serverlessInference: ["has", "has", "has", "lacks", "lacks", "unknown"],
            vpcLink: ["has", "has", "has", "unknown", "has", "unknown"],
            currentNodeRuntimes: ["has", "has", "has", "has", "has", "has"],
            valkey: ["has", "has", "has", "has", "has", "has"],
            budgets: ["has", "has", "has", "has", "unknown", "has"],
            eventSourceTags: ["has", "has", "has", "lacks", "lacks", "has"],
            failureBuckets: ["has", "has", "has", "lacks", "unknown", "has"],
            openRoutes: ["has", "has", "has", "lacks", "has", "has"],
        };
        for (const [feature, answers] of Object.entries(expected)) {
            expect(PLACES.map((region) => findAvailability(feature as RegionalFeatureName, region)), feature).to.deep.equal(answers);
        }
    });

    it("is unknown for a text that is no region", () => {
        expect(findAvailability("valkey", "Frankfurt")).to.equal("unknown");
    });

    it("names regions once each, partitions that there are, and a page", () => {
        const names = partitions.map(({ partition }) => partition);
        for (const [feature, { regions = [], partitions: having = [], lackingPartitions = [], source }] of rows) {
            expect(new Set(regions).size, feature).to.equal(regions.length);
            for (const region of regions) expect(partitions.some((each) => each.regions.test(region)), region).to.equal(true);
            expect(names, feature).to.include.members([...having, ...lackingPartitions]);
            expect(having.some((partition) => lackingPartitions.includes(partition)), feature).to.equal(false);
            expect(source, feature).to.match(/^https:\/\//);
        }
        expect(regionalFeatures.serverlessInference.regions).to.have.length(21);
    });

    it("has zones only where there are VPC links", () => {
        for (const region of Object.keys(vpcLinkZones)) expect(findAvailability("vpcLink", region), region).to.equal("has");
    });
});
