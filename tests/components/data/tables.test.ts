import { expect } from "chai";
import { Tables } from "../../../components/data/tables.ts";
import type { PlatformContext } from "../../../components/context.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, testContext } from "../../support/programContexts.ts";

async function createTables(overrides: Partial<PlatformContext> = {}) {
    return runProgram(() => void new Tables("tables", { context: testContext(overrides), kmsKeyArn: "arn:key" }));
}

describe("Tables", () => {
    it("encrypts, backs up and tags every table, paid by use", async () => {
        const { resources } = await createTables();
        const tables = resources.ofType("aws:dynamodb/table:Table");
        expect(tables).to.have.length(5);
        for (const { inputs } of tables) {
            expect(inputs).to.deep.include({
                serverSideEncryption: { enabled: true, kmsKeyArn: "arn:key" }, pointInTimeRecovery: { enabled: true }, billingMode: "PAY_PER_REQUEST",
            });
        }
        expectTags(...tables);
    });

    it("keys models and their metrics by id and version, tests and checkpoints by theirs", async () => {
        const { resources } = await createTables();
        for (const part of ["model-metadata", "training-metrics"]) {
            expect(resources.named(`${part}-table`).inputs).to.include({ name: `firstlight-dev-${part}`, hashKey: "ModelId", rangeKey: "Version" });
        }
        for (const [part, hashKey] of [["ab-tests", "TestId"], ["stream-checkpoints", "ShardId"]] as const) {
            const { inputs } = resources.named(`${part}-table`);
            expect(inputs).to.include({ name: `firstlight-dev-${part}`, hashKey }).and.not.to.have.any.keys("rangeKey", "ttl");
            expect(inputs["attributes"]).to.deep.equal([{ name: hashKey, type: "S" }]);
        }
    });

    it("keys leases by what was leased, and forgets them after a time", async () => {
        const { resources } = await createTables();
        const leases = resources.named("pipeline-leases-table").inputs;
        expect(leases).to.include({ name: "firstlight-dev-pipeline-leases", hashKey: "LeaseId" }).and.not.to.have.property("rangeKey");
        expect(leases["ttl"]).to.deep.equal({ enabled: true, attributeName: "ExpiresAt" });
    });

    it("protects tables whose data must stay", async () => {
        for (const destroyData of [true, false]) {
            const { resources } = await createTables({ destroyData });
            for (const { name, inputs } of resources.ofType("aws:dynamodb/table:Table")) expect(inputs["deletionProtectionEnabled"], name).to.equal(!destroyData);
        }
    });
});
