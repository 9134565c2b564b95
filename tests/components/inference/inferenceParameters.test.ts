import { expect } from "chai";
import { InferenceParameters } from "../../../components/inference/inferenceParameters.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, testConfig, testContext } from "../../support/programContexts.ts";

async function createParameters(memoryMiB: number) {
    const settings = testConfig({ inference: { memoryMiB, maxConcurrency: 4 } }).inference;
    return (await runProgram(() => void new InferenceParameters("parameters", { context: testContext(), settings }))).resources;
}

describe("InferenceParameters", () => {
    it("owns the switch and the approved models, begins with none, and leaves what others write alone", async () => {
        const resources = await createParameters(2048);
        for (const part of ["switch", "approved-champion", "approved-challenger"]) {
            const { inputs, ignoreChanges } = resources.named(`${part}-parameter`);
            expect(inputs).to.include({ name: `/firstlight/dev/inference/${part}`, value: "none", type: "String" });
            expect(ignoreChanges, part).to.deep.equal(["value"]);
        }
    });

    it("writes the serving settings at every deployment, and nothing of the configuration beside them", async () => {
        for (const memoryMiB of [2048, 3072]) {
            const { inputs, ignoreChanges } = (await createParameters(memoryMiB)).named("settings-parameter");
            expect(inputs).to.include({ name: "/firstlight/dev/inference/settings", value: JSON.stringify({ memoryMiB, maxConcurrency: 4 }) });
            expect(ignoreChanges).to.deep.equal([]);
        }
    });

    it("carries the tags on each, and makes no other", async () => {
        const parameters = (await createParameters(2048)).ofType("aws:ssm/parameter:Parameter");
        expect(parameters).to.have.length(4);
        expectTags(...parameters);
    });
});
