import { expect } from "chai";
import { Tables } from "../../../components/data/tables.ts";
import type { PlatformContext } from "../../../components/context.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, testContext } from "../../support/programContexts.ts";

async function createTables(overrides: Partial<PlatformContext> = {}) {
    return runProgram(() => void new Tables("tables", { context: testContext(overrides), kmsKeyArn: "arn:key" }));
}

describe("Tables", () => {
    it("encrypts, backs up and tags both tables, paid by use", async () => {
        const { resources } = await createTables();
        const tables = resources.ofType("aws:dynamodb/table:Table");
        expect(tables).to.have.length(2);
        for (const { inputs } of tables) {
            expect(inputs).to.deep.include({
                serverSideEncryption: { enabled: true, kmsKeyArn: "arn:key" }, pointInTimeRecovery: { enabled: true }, billingMode: "PAY_PER_REQUEST",
            });
        }
        expectTags(...tables);
    });

    it("keys models by id and version, and leases by what was leased, for a time", async () => {
        const { resources } = await createTables();
        expect(resources.named("model-metadata-table").inputs).to.include({ name: "firstlight-dev-model-metadata", hashKey: "ModelId", rangeKey: "Version" });
        const leases = resources.named("pipeline-leases-table").inputs;
        expect(leases).to.include({ name: "firstlight-dev-pipeline-leases", hashKey: "LeaseId" }).and.not.to.have.property("rangeKey");
        expect(leases["ttl"]).to.deep.equal({ enabled: true, attributeName: "ExpiresAt" });
    });

    it("protects tables whose data must stay", async () => {
        for (const destroyData of [true, false]) {
            const { resources } = await createTables({ destroyData });
            expect(resources.named("model-metadata-table").inputs["deletionProtectionEnabled"]).to.equal(!destroyData);
        }
    });
});
