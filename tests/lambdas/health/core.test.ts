import { expect } from "chai";
import { checkHealth } from "../../../lambdas/health/core.ts";
import type { ApprovedModel } from "../../../lambdas/shared/documents.ts";

const model = { version: "20261121T103355Z-0123456789ab" } as ApprovedModel;

describe("checkHealth", () => {
    it("gives environment and model version", async () => {
        const health = await checkHealth({ environment: "dev", readServingModel: async () => model, onUnreadable: () => undefined });
        expect(health).to.deep.equal({ status: "ok", environment: "dev", servingModelVersion: model.version });
    });

    it("leaves the version out when nothing is served", async () => {
        const health = await checkHealth({ environment: "dev", readServingModel: async () => undefined, onUnreadable: () => undefined });
        expect(health).to.deep.equal({ status: "ok", environment: "dev" });
    });

    it("is healthy when the model cannot be read, and reports why", async () => {
        const reasons: unknown[] = [];
        const failure = new Error("denied");
        const health = await checkHealth({ environment: "dev", readServingModel: () => Promise.reject(failure), onUnreadable: (error) => reasons.push(error) });
        expect(health).to.deep.equal({ status: "ok", environment: "dev" });
        expect(reasons).to.deep.equal([failure]);
    });
});
