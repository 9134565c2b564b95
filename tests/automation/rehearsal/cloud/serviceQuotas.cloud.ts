import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { createAwsClients } from "../../../../automation/aws.ts";
import { viewAccount } from "../../../../automation/preflight/account/viewAccount.ts";
import { startTestCloud, type TestCloud } from "./testCloud.ts";

describe("Service Quotas", () => {
    let test: TestCloud;
    before(async () => { test = await startTestCloud(); });
    after(() => test.stop());

    function view() {
        return viewAccount(createAwsClients(test.cloud.target));
    }

    it("lists the limits that the rehearsal's SageMaker enforces", async () => {
        const account = view();
        expect((await account.quota("sagemaker", "Number of serverless endpoints"))?.value).to.equal(5);
        expect((await account.quota("sagemaker", "ml.m5.large for training job usage"))?.value).to.equal(20);
        expect((await account.quota("sagemaker", "ml.of.nothing for training job usage"))?.value).to.equal(undefined);
    });

    it("follows a limit that a test has changed", async () => {
        await writeFile(path.join(test.folder, "sagemaker.json"), JSON.stringify({ trainingInstances: { "ml.m5.large": 0 }, serverlessConcurrency: 3 }));
        const account = view();
        expect((await account.quota("sagemaker", "ml.m5.large for training job usage"))?.value).to.equal(0);
        expect((await account.quota("sagemaker", "ml.m5.large for transform job usage"))?.value).to.equal(20);
        expect((await account.quota("sagemaker", "Maximum total concurrency that can be allocated across all serverless endpoints"))?.value).to.equal(3);
    });

    it("says of an A/B test without a table that nobody has set it", async () => {
        expect(await view().abTest("firstlight-dev-ab-tests")).to.equal(undefined);
    });
});
