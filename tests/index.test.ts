import { expect } from "chai";
import { runProgram } from "./support/mocks.ts";
import type { ProgramRequest, ProgramRun } from "./support/mocks.ts";

let runs = 0;

/** Loads the program anew: an ES module runs once per address. */
async function runIndex(request?: ProgramRequest): Promise<ProgramRun<Record<string, any>>> {
    runs += 1;
    return runProgram(async () => ({ ...await import(`../index.ts?run=${runs}`) }), request);
}

describe("index.ts", () => {
    it("answers GET /health and says where it is", async () => {
        const { outputs, resources } = await runIndex();
        expect(outputs["apiUrl"]).to.equal("https://api.test");
        expect(resources.named("api-health-route").inputs["routeKey"]).to.equal("GET /health");
    });
});
