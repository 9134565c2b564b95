import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { tellForecast } from "../../../../../automation/driver/commands/preflighting/tellForecast.ts";
import type { ForecastContext } from "../../../../../automation/driver/commands/preflighting/tellForecast.ts";
import { OperatorError } from "../../../../../automation/errors.ts";
import { buildConfig, buildPlan } from "../../../../../automation/preflight/samples.ts";

const PLAN = buildPlan({ type: "aws:kms/key:Key", name: "key" });
const CONTEXT: ForecastContext = {
    stack: "dev", config: buildConfig(), aws: { target: { region: "us-east-1" } }, recordPlans: async () => ({ asIs: PLAN, endpointsOn: PLAN }),
};

describe("preflight --forecast", () => {
    let folder: string;
    beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-forecast-")); });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("prints the forecast of the planned graphs, with the load that is given", async () => {
        const printed: string[] = [];
        await tellForecast({ load: { requests: 7 } }, CONTEXT, (text) => printed.push(text));
        expect(printed.join("\n")).to.contain("Expected times of dev").and.to.contain("Work: 7 requests").and.to.match(/keys: 1 x 1 per key and month +1\.00/);
    });

    it("writes the same as JSON where a file is named", async () => {
        const file = path.join(folder, "forecast.json");
        await tellForecast({ load: {}, file }, CONTEXT, () => {});
        expect(JSON.parse(readFileSync(file, "utf8"))).to.nested.include({ stack: "dev", "prices.region": "us-east-1", "prices.idleUsd": 1 });
    });

    it("says which file cannot be written", async () => {
        const error = await tellForecast({ load: {}, file: path.join(folder, "no", "forecast.json") }, CONTEXT, () => {}).catch((caught: unknown) => caught);
        expect(error).to.be.instanceOf(OperatorError).with.property("message").that.contains("--forecast-file").and.contains("forecast.json");
    });
});
