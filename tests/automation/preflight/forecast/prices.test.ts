import { expect } from "chai";
import { lackingPrices, priceCharges, totalOf } from "../../../../automation/preflight/forecast/costLine.ts";
import { chargedTypes, findIdleCharges } from "../../../../automation/preflight/forecast/idleCharges.ts";
import { defaultLoad } from "../../../../automation/preflight/forecast/load.ts";
import { findLoadCharges } from "../../../../automation/preflight/forecast/loadCharges.ts";
import { forecastPrices } from "../../../../automation/preflight/forecast/priceForecast.ts";
import { buildConfig, buildPlan, buildTrainingEvidence } from "../../../../automation/preflight/samples.ts";
import type { SampleResource } from "../../../../automation/preflight/samples.ts";
import { findPrice, freeTypes, HOURS_PER_MONTH, pricedRegions, priceUnits } from "../../../../components/facts/prices.ts";
import type { PriceName } from "../../../../components/facts/prices.ts";
import { timedTypes } from "../../../../components/facts/provisioningTimes.ts";

const REGION = "us-east-1";
const NOTHING = { requests: 0, rows: 0, trainedGb: 0, retrainRuns: 0 };

function costOf(...resources: readonly SampleResource[]): number {
    return totalOf(priceCharges(findIdleCharges(buildPlan(...resources), 2).charges, REGION));
}

const named = (type: string, count: number, inputs: SampleResource["inputs"] = {}): readonly SampleResource[] =>
    Array.from({ length: count }, (_, index) => ({ type, name: `${type.split(":").at(-1)}-${index}`, inputs }));

describe("what a stack costs idle", () => {
    it("is what the guide of the first deployment says of dev: five keys 5, a shard 10.95, 31 alarms 3.10; and a dashboard 3", () => {
        const stream = named("aws:kinesis/stream:Stream", 1, { shardCount: 1, streamModeDetails: { streamMode: "PROVISIONED" } });
        const cost = costOf(...named("aws:kms/key:Key", 5), ...named("aws:cloudwatch/metricAlarm:MetricAlarm", 31), ...stream, ...named("aws:cloudwatch/dashboard:Dashboard", 1));
        expect(cost).to.be.closeTo(5 + 10.95 + 3.1 + 3, 0.001);
    });

    it("counts an interface endpoint in each of its zones, and a gateway endpoint not at all", () => {
        const endpoint = (inputs: SampleResource["inputs"]): number => costOf(...named("aws:ec2/vpcEndpoint:VpcEndpoint", 1, inputs));
        expect(endpoint({ vpcEndpointType: "Interface", subnetIds: ["a", "b", "c"] })).to.be.closeTo(21.9, 0.001);
        // Not known before the deployment: the two zones of the configuration.
        expect(endpoint({ vpcEndpointType: "Interface" })).to.be.closeTo(14.6, 0.001);
        expect(endpoint({ vpcEndpointType: "Gateway" })).to.equal(0);
    });

    it("knows the modes of a stream, and the metrics behind an alarm", () => {
        expect(costOf(...named("aws:kinesis/stream:Stream", 1, { streamModeDetails: { streamMode: "ON_DEMAND" } }))).to.be.closeTo(29.2, 0.001);
        expect(costOf(...named("aws:kinesis/stream:Stream", 1, { shardCount: 4 }))).to.be.closeTo(43.8, 0.001);
        const metricQueries = [{ id: "e", expression: "a / b" }, { id: "a", metric: { metricName: "Errors" } }, { id: "b", metric: { metricName: "Calls" } }];
        expect(costOf(...named("aws:cloudwatch/metricAlarm:MetricAlarm", 1, { metricQueries }))).to.be.closeTo(0.2, 0.001);
    });

    it("stands under the component below the stack, like with like", () => {
        const stack: SampleResource = { type: "pulumi:pulumi:Stack", name: "firstlight-dev", custom: false, urn: "stack" };
        const keys: SampleResource = { type: "firstlight:data:EncryptionKeys", name: "keys", custom: false, urn: "keys", parent: "stack" };
        const inner: SampleResource = { type: "firstlight:data:Inner", name: "inner", custom: false, urn: "inner", parent: "keys" };
        const { charges } = findIdleCharges(buildPlan(stack, keys, inner, ...named("aws:kms/key:Key", 2).map((key) => ({ ...key, parent: "inner" }))), 2);
        expect(charges).to.deep.equal([{ component: "keys", what: "keys", priceName: "key.month", quantity: 2 }]);
    });

    it("names what the table does not know instead of leaving it out", () => {
        const found = findIdleCharges(buildPlan(...named("aws:rds/instance:Instance", 1), ...named("aws:iam/role:Role", 1)), 2);
        expect(found).to.deep.equal({ charges: [], unpriced: ["aws:rds/instance:Instance Instance-0"] });
        const byTheHour = named("aws:sagemaker/endpointConfiguration:EndpointConfiguration", 1, { productionVariants: [{ instanceType: "ml.m5.large" }] });
        expect(findIdleCharges(buildPlan(...byTheHour), 2).unpriced).to.have.length(1);
        const serverless = named("aws:sagemaker/endpointConfiguration:EndpointConfiguration", 1, { productionVariants: [{ serverlessConfig: { memorySizeInMb: 2048 } }] });
        expect(findIdleCharges(buildPlan(...serverless), 2)).to.deep.equal({ charges: [], unpriced: [] });
    });
});

describe("what a month's work costs", () => {
    const config = buildConfig();

    it("is nothing without work, but for the keys that are asked now and then", () => {
        const { charges, unpriced } = findLoadCharges(NOTHING, config, buildPlan());
        expect(charges.map(({ what }) => what)).to.deep.equal(["requests to keys"]);
        expect(unpriced).to.deep.equal([]);
    });

    it("is reckoned from requests: a million at 1 dollar for the API, 0.20 for calls, 0.075 GB-seconds each, 0.2 of inference", () => {
        const { charges } = findLoadCharges({ ...NOTHING, requests: 1_000_000 }, config, buildPlan());
        const usd = new Map(priceCharges(charges, REGION).map((line) => [`${line.component} ${line.what}`, line.usd ?? 0]));
        expect(usd.get("inference-api requests")).to.be.closeTo(1, 1e-9);
        expect(usd.get("inference-api calls of functions")).to.be.closeTo(0.2, 1e-9);
        // 0.15 s of 512 MiB at 0.0000133334.
        expect(usd.get("inference-api time of functions")).to.be.closeTo(1.000005, 1e-6);
        // 0.1 s of 2 GB at 0.00002.
        expect(usd.get("serving time of predictions")).to.be.closeTo(4, 1e-9);
    });

    it("fills batches only when rows come faster than windows pass", () => {
        const calls = (rows: number): number => 1_000_000 * (findLoadCharges({ ...NOTHING, rows }, config, buildPlan()).charges.find(({ what }) => what === "calls of the consumer")?.quantity ?? 0);
        expect(calls(1000)).to.be.closeTo(1000, 1e-6);
        // 2,628,000 windows of a second in a month.
        expect(calls(100_000_000)).to.be.closeTo(2_628_000, 1e-3);
        expect(calls(1_000_000_000)).to.be.closeTo(10_000_000, 1e-3);
    });

    it("has each run train one variant, and enter the states of its route", () => {
        const { plan } = buildTrainingEvidence({});
        const { charges } = findLoadCharges({ ...NOTHING, retrainRuns: 3 }, config, plan);
        const quantity = (what: string): number | undefined => charges.find((charge) => charge.what === what)?.quantity;
        expect(quantity("training jobs")).to.be.closeTo(3 * 240 / 3600, 1e-9);
        expect(quantity("transform jobs")).to.be.closeTo(3 * 300 / 3600, 1e-9);
        expect(quantity("states entered")).to.be.closeTo(0.003, 1e-9);
    });

    it("says which machine has no price", () => {
        const { unpriced, charges } = findLoadCharges({ ...NOTHING, retrainRuns: 2 }, buildConfig({ training: { instanceType: "ml.c5.xlarge" } }), buildPlan());
        expect(unpriced).to.deep.equal(["training and transform on ml.c5.xlarge, 2 runs"]);
        expect(charges.map(({ what }) => what)).not.to.include("training jobs");
    });

    it("is by default what the schedule says", () => {
        const runs = (schedule: string): number => defaultLoad(buildConfig({ training: { schedule } })).retrainRuns;
        expect([runs("off"), runs("rate(7 days)"), runs("rate(1 day)"), runs("rate(12 hours)"), runs("cron(0 3 ? * MON *)")]).to.deep.equal([0, 4, 30, 61, 4]);
    });
});

describe("a region", () => {
    it("without a price says so, and no other's is taken", () => {
        const plan = buildPlan(...named("aws:kms/key:Key", 1), ...named("aws:kinesis/stream:Stream", 1));
        const found = forecastPrices({ region: "cn-north-1", config: buildConfig(), plan, load: NOTHING });
        expect(found.idleUsd).to.equal(0);
        expect(found.lacking).to.include.members(["key.month", "shard.hour"]);
        expect(found.idle.every(({ usd, price }) => usd === undefined && price === undefined)).to.equal(true);
        expect(found.elsewhere.map(({ region }) => region)).to.deep.equal(pricedRegions);
        const elsewhere = new Map(found.elsewhere.map(({ region, idleUsd }) => [region, idleUsd]));
        expect(elsewhere.get("us-east-1")).to.be.closeTo(1 + 10.95, 0.001);
        expect(elsewhere.get("ap-northeast-1")).to.be.closeTo(1 + 0.0195 * 730, 0.001);
    });

    it("is compared with another by what both have prices for", () => {
        const plan = buildPlan(...named("aws:kms/key:Key", 2), ...named("aws:kinesis/stream:Stream", 1), ...named("aws:ec2/natGateway:NatGateway", 1));
        const found = forecastPrices({ region: "eu-central-1", config: buildConfig(), plan, load: NOTHING });
        const there = found.elsewhere.find(({ region }) => region === "us-east-1");
        // Frankfurt has no price of a shard, and none of requests to keys: two keys and a gateway are left.
        expect(there?.common).to.deep.include({ count: 3, isAll: false });
        expect(there?.common.hereUsd).to.be.closeTo(2 + 730 * 0.052, 1e-6);
        expect(there?.common.thereUsd).to.be.closeTo(2 + 730 * 0.045, 1e-6);
        expect(there?.idleUsd, "with the shard").to.be.closeTo(2 + 730 * 0.045 + 10.95, 1e-6);
    });

    it("is told in two zones and in three: endpoints stand in each, gateways where each zone has its own", () => {
        const plan = buildPlan(
            ...named("aws:ec2/vpcEndpoint:VpcEndpoint", 1, { vpcEndpointType: "Interface", subnetIds: ["a", "b"] }),
            ...named("aws:ec2/natGateway:NatGateway", 2), ...named("aws:ec2/eip:Eip", 2), ...named("aws:kms/key:Key", 1),
        );
        const byZones = (nat: string): readonly number[] =>
            forecastPrices({ region: REGION, config: buildConfig({ network: { zones: 2, nat } }), plan, load: NOTHING }).byZones.map(({ idleUsd }) => Number(idleUsd.toFixed(2)));
        // A key 1, an endpoint 7.30 a zone, a gateway with its address 36.50.
        expect(byZones("one-per-zone")).to.deep.equal([1 + 14.6 + 73, 1 + 21.9 + 109.5]);
        expect(byZones("single")).to.deep.equal([1 + 14.6 + 73, 1 + 21.9 + 73]);
        expect(forecastPrices({ region: REGION, config: buildConfig(), plan: buildPlan(...named("aws:kms/key:Key", 1)), load: NOTHING }).byZones).to.deep.equal([]);
    });

    it("is told with each price's place and day", () => {
        for (const region of pricedRegions) {
            for (const name of Object.keys(priceUnits) as PriceName[]) {
                const price = findPrice(name, region);
                if (price === undefined) continue;
                expect(price.usd, `${region} ${name}`).to.be.greaterThan(0);
                expect(price.asOf).to.match(/^20\d\d-\d\d-\d\d$/);
                expect(price.source).to.match(/^(https:\/\/\S+|memory)$/);
            }
        }
        expect(lackingPrices(priceCharges([{ component: "a", what: "b", priceName: "key.month", quantity: 1 }], "eu-north-1"))).to.deep.equal(["key.month"]);
    });

    it("has a word for every type of the program: it costs something by being there, or nothing", () => {
        expect(timedTypes.filter((type) => !freeTypes.has(type) && !chargedTypes.includes(type))).to.deep.equal([]);
        expect(chargedTypes.filter((type) => freeTypes.has(type))).to.deep.equal([]);
        expect(HOURS_PER_MONTH).to.equal(730);
    });
});
