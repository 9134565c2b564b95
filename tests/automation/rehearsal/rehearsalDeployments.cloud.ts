/** What happens to endpoints after their first deployment: retraining, settings, a bad model, off and on again. One cloud, in this order. */
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { createApiClient } from "../../../automation/apiClient.ts";
import { readServedModel } from "../../../automation/outputs.ts";
import { enableEndpointsPhase } from "../../../automation/phases/enableEndpoints.ts";
import { setEndpoints } from "../../../automation/phases/endpointSwitch.ts";
import { followQuietly } from "../../../automation/phases/execution.ts";
import type { PhaseContext } from "../../../automation/phases/phase.ts";
import { readActualServing } from "../../../automation/phases/servedEndpoint.ts";
import { teardownPhase } from "../../../automation/phases/teardown.ts";
import { trainPhase } from "../../../automation/phases/train.ts";
import { upPhase } from "../../../automation/phases/up.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import type { PlatformOutputs } from "../../../components/outputs.ts";
import { AB_TEST_ID, VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { GoldenPrediction, Weights } from "../../../lambdas/shared/documents.ts";
import { openObject, parseS3Url, readJson } from "../../../lambdas/shared/store.ts";
import { sendSteadily } from "./steadyClient.ts";
import { startServedStack } from "../../support/servedStack.ts";

/** The drain waits 10 s so that routers, which keep the weights for 5 s, have seen it. The usual twentieth would be over before. */
const FAITHFUL_WAIT_SCALE = 0.6;
const USUAL_WAIT_SCALE = 0.05;

describe("a stack whose endpoints are served", function suite() {
    this.timeout(300_000);
    let rehearsal: Rehearsal;
    let context: PhaseContext;
    let outputs: PlatformOutputs;

    before(async () => {
        ({ rehearsal, context, outputs } = await startServedStack());
    });
    after(async () => rehearsal?.close({ keepFiles: false }));

    async function versions(): Promise<readonly (string | undefined)[]> {
        return Promise.all(VARIANTS.map(async (variant) => (await readServedModel(context.aws, outputs.parameterPath, variant))?.version));
    }

    async function readTest(): Promise<{ weights: Weights | undefined; drained: string | undefined }> {
        const { Item } = await context.aws.dynamodb.send(new GetItemCommand({ TableName: outputs.abTestsTableName, Key: { TestId: { S: AB_TEST_ID } } }));
        const stored = Item?.["Weights"]?.M;
        const weights = stored === undefined ? undefined : { champion: Number(stored["champion"]?.N), challenger: Number(stored["challenger"]?.N) };
        return { weights, drained: Item?.["DrainedVariant"]?.S };
    }

    async function setWaitScale(scale: number): Promise<void> {
        const body = JSON.stringify({ "stepfunctions._SFN_WAIT_SCALE": scale });
        const { ok } = await fetch(`${rehearsal.cloud.target.endpoint ?? ""}/_ministack/config`, { method: "POST", body });
        expect(ok).to.equal(true);
    }

    it("is retrained while a request comes every tenth of a second: none fails, the weights always sum, and the challenger alone changes", async () => {
        const dataFile = path.join(rehearsal.folder, "more-churn.csv");
        await copyFile(context.dataFile, dataFile);
        const api = createApiClient(context.aws, outputs.apiUrl);
        const served = await readServedModel(context.aws, outputs.parameterPath, "champion");
        const [golden] = await readJson<readonly GoldenPrediction[]>(context.aws.s3, served?.goldenUrl ?? "");
        const testPath = `/ab-tests/${AB_TEST_ID}`;
        await api.callAuthorized({ method: "PUT", path: testPath, body: { weights: { champion: 50, challenger: 50 } } });
        const before = await versions();
        await setWaitScale(FAITHFUL_WAIT_SCALE);
        const drained = new Set<string>();
        const sums = new Set<number>();
        const client = sendSteadily(async (index) => {
            const test = await readTest();
            if (test.drained !== undefined) drained.add(test.drained);
            if (test.weights !== undefined) sums.add(test.weights.champion + test.weights.challenger);
            return api.callAuthorized({ method: "POST", path: "/inference", headers: { "x-assignment-key": `steady-${index}` }, body: { instances: [golden?.features] } });
        });
        await trainPhase.run({ ...context, dataFile }).finally(() => setWaitScale(USUAL_WAIT_SCALE));
        const answers = await client.stop();
        const after = await versions();
        expect(answers.length).to.be.greaterThan(100);
        const failures = answers.filter(({ status }) => status !== 200).map(({ status, body }) => `${status} ${JSON.stringify(body)}`);
        expect(failures, `${failures.length} of ${answers.length}, first ${failures[0] ?? "none"}, last ${failures.at(-1) ?? "none"}`).to.have.length(0);
        expect([...sums]).to.deep.equal([100]);
        expect([...drained]).to.deep.equal(["challenger"]);
        expect((await readTest()).drained).to.equal(undefined);
        expect(after[0]).to.equal(before[0]);
        expect(after[1]).not.to.equal(before[1]);
    });

    it("finds nothing to do at the next up", async () => {
        const { counts } = await context.engine.up({ signal: context.signal });
        expect(Object.keys(counts).filter((operation) => operation !== "same" && operation !== "read")).to.deep.equal([]);
        expect(counts.same).to.be.greaterThan(80);
    });

    it("runs with 3072 MiB on both endpoints after the configuration says so, by one deployment, with the same models", async () => {
        const before = await versions();
        const changed = await rehearsal.reconfigure({ inference: { memoryMiB: 3072 } });
        await upPhase.run(changed);
        await enableEndpointsPhase.run(changed);
        const actual = await Promise.all(VARIANTS.map((variant) => readActualServing(context.aws, outputs.endpointNames[variant])));
        expect(actual.map(({ settings }) => settings.memoryMiB)).to.deep.equal([3072, 3072]);
        expect(await versions()).to.deep.equal(before);
        await upPhase.run(context);
    });

    it("keeps its model when the next one does not start: the run fails with the reason, and the drain ends", async () => {
        const served = await readServedModel(context.aws, outputs.parameterPath, "challenger");
        const place = parseS3Url(served?.modelDataUrl ?? "");
        const Key = place.key;
        const good = await buffer(await openObject(context.aws.s3, place));
        await context.aws.s3.send(new PutObjectCommand({ Bucket: place.bucket, Key, Body: "no model" }));
        const input = JSON.stringify({ source: "firstlight.deployment", variants: ["challenger"] });
        const { executionArn } = await context.aws.sfn.send(new StartExecutionCommand({ stateMachineArn: outputs.stateMachineArn, input }));
        const ended = await followQuietly(context, executionArn ?? "");
        await context.aws.s3.send(new PutObjectCommand({ Bucket: place.bucket, Key, Body: good }));
        expect(ended).to.include({ status: "FAILED", error: "UpdateReturned" });
        expect(ended.cause).to.include("serves the former one");
        expect((await readTest()).drained).to.equal(undefined);
        const answer = await createApiClient(context.aws, outputs.apiUrl).callAuthorized({
            method: "POST", path: "/inference", headers: { "x-variant": "challenger" },
            body: { instances: [(await readJson<readonly GoldenPrediction[]>(context.aws.s3, served?.goldenUrl ?? ""))[0]?.features] },
        });
        expect(answer).to.deep.include({ status: 200 });
        expect(answer.body).to.deep.include({ variant: "challenger", fallback: false });
    });

    it("has no endpoint after they were switched off, and the same models after they were switched on again", async () => {
        const before = await versions();
        await setEndpoints(context, "off");
        expect(await versions()).to.deep.equal([undefined, undefined]);
        expect((await rehearsal.cloud.inventory()).filter((name) => /^arn:aws:sagemaker:.*:(endpoint|endpoint-config|model)\//.test(name))).to.deep.equal([]);
        await setEndpoints(context, "on");
        expect(await versions()).to.deep.equal(before);
    });

    it("leaves nothing when it is destroyed", async () => {
        await teardownPhase.run(context);
        expect(await rehearsal.cloud.inventory()).to.deep.equal([]);
    });
});
