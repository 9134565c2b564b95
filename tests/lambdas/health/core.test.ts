import { expect } from "chai";
import { checkHealth, type HealthDependencies } from "../../../lambdas/health/core.ts";

const weights = { champion: 80, challenger: 20 };

function check(others: Partial<HealthDependencies> = {}) {
    return checkHealth({
        environment: "dev",
        readServingModel: async (variant) => ({ version: `v-${variant}` }),
        readWeights: async () => weights,
        onUnreadable: () => undefined,
        ...others,
    });
}

describe("checkHealth", () => {
    it("gives environment, both models' versions and the weights", async () => {
        const servingModelVersions = { champion: "v-champion", challenger: "v-challenger" };
        expect(await check()).to.deep.equal({ status: "ok", environment: "dev", servingModelVersions, weights });
    });

    it("leaves out what is not served", async () => {
        const one = await check({ readServingModel: async (variant) => (variant === "champion" ? { version: "v1" } : undefined) });
        expect(one.servingModelVersions).to.deep.equal({ champion: "v1" });
        expect(await check({ readServingModel: async () => undefined })).to.deep.include({ status: "ok", servingModelVersions: {} });
    });

    it("is healthy when a model cannot be read, and reports why", async () => {
        const reasons: unknown[] = [];
        const failure = new Error("denied");
        const health = await check({ readServingModel: () => Promise.reject(failure), onUnreadable: (error) => reasons.push(error) });
        expect(health).to.deep.include({ status: "ok", servingModelVersions: {} });
        expect(reasons).to.deep.equal([failure, failure]);
    });
});
