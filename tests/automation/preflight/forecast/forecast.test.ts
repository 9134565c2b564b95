import { expect } from "chai";
import { forecast } from "../../../../automation/preflight/forecast/forecast.ts";
import { forecastTimes } from "../../../../automation/preflight/forecast/deploymentTime.ts";
import { renderForecast, serializeForecast } from "../../../../automation/preflight/forecast/renderForecast.ts";
import { formatSeconds } from "../../../../automation/preflight/forecast/renderTimes.ts";
import { buildConfig, buildPlan, urnOf } from "../../../../automation/preflight/samples.ts";
import type { SampleResource } from "../../../../automation/preflight/samples.ts";
import type { Plans } from "../../../../automation/preflight/rule.ts";
import { engineTimes, phaseTimes, uploadTimes } from "../../../../components/facts/provisioningTimes.ts";

const KEY: SampleResource = { type: "aws:kms/key:Key", name: "key" };
const MODEL: SampleResource = { type: "aws:sagemaker/model:Model", name: "model", dependencies: [urnOf(KEY)] };
const ENDPOINT: SampleResource = { type: "aws:sagemaker/endpoint:Endpoint", name: "endpoint", dependencies: [urnOf(MODEL)] };
const MACHINE: SampleResource = {
    type: "aws:sfn/stateMachine:StateMachine", name: "pipeline",
    inputs: { definition: JSON.stringify({ StartAt: "TrainModel", States: { TrainModel: { Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", End: true } } }) },
};
const PLANS: Plans = { asIs: buildPlan(KEY, MACHINE), endpointsOn: buildPlan(KEY, MACHINE, MODEL, ENDPOINT) };

function forecastIn(region: string) {
    return forecast({ stack: "dev", region, config: buildConfig({ network: { interfaceEndpoints: ["logs"] } }), plans: PLANS, rules: [] });
}

describe("a forecast", () => {
    it("adds up the phases of the first deployment", () => {
        const { first, unchanged } = forecastTimes(PLANS);
        const typical = Object.fromEntries(first.phases.map(({ phase, seconds }) => [phase, seconds.typical]));
        expect(typical).to.deep.equal({
            preflight: phaseTimes.preflight.typical,
            // The key and the state machine side by side, 10 each.
            up: engineTimes.typical + 10,
            train: uploadTimes.typical + 240,
            // Model 3, endpoint 360; the key is there.
            "enable-endpoints": engineTimes.typical + 363,
            verify: phaseTimes.verify.typical,
        });
        expect(first.seconds.typical).to.equal(Object.values(typical).reduce((sum, each) => sum + each, 0));
        expect(unchanged.seconds.typical).to.equal(phaseTimes.preflight.typical + 2 * engineTimes.typical + 3 + phaseTimes.verify.typical);
        for (const { seconds: { min, typical: usual, max } } of [...first.phases, ...unchanged.phases]) expect(min <= usual && usual <= max).to.equal(true);
    });

    it("takes the training as a whole from the table where the definition is not known", () => {
        const asIs = buildPlan(KEY, { ...MACHINE, inputs: {} });
        const { first, run } = forecastTimes({ asIs, endpointsOn: asIs });
        expect(run).to.equal(undefined);
        expect(first.phases.find(({ phase }) => phase === "train")?.seconds).to.deep.equal(phaseTimes.train);
    });

    it("is told in lines of 100 characters, with path, prices, sources and what they rest on", async () => {
        const lines = renderForecast(await forecastIn("us-east-1"));
        const text = lines.join("\n");
        for (const line of lines) if (!line.includes("https://")) expect(line.length, line).to.be.at.most(100);
        expect(text).to.match(/Critical path of enable-endpoints .*\n  Model model .* 3 s .*\n  Endpoint endpoint .* 6 min .*#39090/);
        expect(text).to.match(/keys: 1 x 1 per key and month +1\.00 {2}\[1\]/);
        expect(text).to.include("[1] AWS price list awskms/20260831092318, 2026-08-31");
        expect(text).to.include("serving, time of predictions: 0.1 s a call");
        expect(text).to.include("from memory: look it up before relying on it");
        expect(text).to.match(/beside NAT they pay for themselves from \d/);
    });

    it("says at least, and which prices are missing, in a region without them", async () => {
        const text = renderForecast(await forecastIn("us-gov-west-1")).join("\n");
        expect(text).to.match(/INCOMPLETE: of \d+ prices the table has 0 for us-gov-west-1/);
        expect(text).to.include("keys: 1 x no price in the table for this region");
        expect(text, "what has no price is not free").to.match(/^Idle, endpoints on +unknown$/m).and.to.match(/^ {2}keys +unknown$/m);
        const gateway = { type: "aws:ec2/natGateway:NatGateway", name: "nat" };
        const plans = { asIs: buildPlan(gateway), endpointsOn: buildPlan(gateway) };
        const config = buildConfig({ network: { zones: 2, nat: "one-per-zone" } });
        const zones = renderForecast(await forecast({ stack: "dev", region: "us-gov-west-1", config, plans, rules: [] })).join("\n");
        expect(zones).to.match(/^Idle in 3 zones +unknown$/m);
        expect(text).to.match(/^Together +unknown$/m).and.not.to.match(/ 0\.00$/m);
        expect(text).to.include("NAT against endpoints: no price in the table for us-gov-west-1");
    });

    it("never shows a sum without saying that something is left out of it", async () => {
        const text = renderForecast(await forecastIn("eu-central-1")).join("\n");
        expect(text.indexOf("INCOMPLETE"), "before the first sum").to.be.within(0, text.indexOf("Idle, endpoints on"));
        expect(text).to.match(/^ {2}key +1\.00$/m).and.to.match(/^Idle, endpoints on +1\.00$/m);
        expect(text).to.match(/^ {2}inference-api, at least +0\.12$/m).and.to.match(/^ {2}serving +unknown$/m);
        expect(text).to.match(/^Work: .*, at least +\d/m).and.to.match(/^Together, at least +\d/m);
        // Keys, calls, time of functions and logs are what both have.
        expect(text).to.match(/The same in us-east-1, idle and work +\d+\.\d\d\n {2}what both have prices for: \d+\.\d\d, against \d+\.\d\d in eu-central-1/);
    });

    it("says what it does not count", async () => {
        expect(renderForecast(await forecastIn("us-east-1")).join("\n")).to.include("Not in it: answers sent to the internet");
    });

    it("is one document for programs", async () => {
        const found = await forecastIn("us-east-1");
        expect(JSON.parse(serializeForecast(found))).to.deep.equal(JSON.parse(JSON.stringify(found)));
        expect(JSON.parse(serializeForecast(found))).to.nested.include({ "prices.idle[0].price.asOf": "2026-08-31", "times.source": "components/facts/provisioningTimes.ts" });
    });

    it("takes the load that is given, and the rest by default", async () => {
        const found = await forecast({ stack: "dev", region: "us-east-1", config: buildConfig(), plans: PLANS, rules: [], load: { requests: 5 } });
        expect(found.prices.load).to.deep.equal({ requests: 5, rows: 100_000, trainedGb: 0.1, retrainRuns: 4 });
    });

    it("writes times as people say them", () => {
        expect([0, 45, 119, 120, 250, 599, 600, 3599, 3600, 5130].map(formatSeconds)).to.deep.equal(
            ["0 s", "45 s", "119 s", "2 min", "4 min 10 s", "9 min 59 s", "10 min", "1 h 0 min", "1 h 0 min", "1 h 26 min"],
        );
    });
});
