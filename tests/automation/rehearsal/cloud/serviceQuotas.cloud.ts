import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { viewAccount } from "../../../../automation/preflight/evidence.ts";
import { startTestCloud, type TestCloud } from "./testCloud.ts";

describe("Service Quotas", () => {
    let test: TestCloud;
    before(async () => { test = await startTestCloud(); });
    after(() => test.stop());

    function view() {
        return viewAccount({ dynamodb: new DynamoDBClient(test.settings), quotas: new ServiceQuotasClient(test.settings), sagemaker: new SageMakerClient(test.settings) });
    }

    it("lists the limits that the rehearsal's SageMaker enforces", async () => {
        const account = view();
        expect(await account.sagemakerQuota("Number of serverless endpoints")).to.equal(5);
        expect(await account.sagemakerQuota("ml.m5.large for training job usage")).to.equal(20);
        expect(await account.sagemakerQuota("ml.of.nothing for training job usage")).to.equal(undefined);
    });

    it("follows a limit that a test has changed", async () => {
        await writeFile(path.join(test.folder, "sagemaker.json"), JSON.stringify({ trainingInstances: { "ml.m5.large": 0 }, serverlessConcurrency: 3 }));
        const account = view();
        expect(await account.sagemakerQuota("ml.m5.large for training job usage")).to.equal(0);
        expect(await account.sagemakerQuota("ml.m5.large for transform job usage")).to.equal(20);
        expect(await account.sagemakerQuota("Maximum total concurrency that can be allocated across all serverless endpoints")).to.equal(3);
    });

    it("says of an A/B test without a table that nobody has set it", async () => {
        expect(await view().abTest("firstlight-dev-ab-tests")).to.equal(undefined);
    });
});
