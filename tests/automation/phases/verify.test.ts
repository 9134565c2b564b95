import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { CloudRefusal } from "../../../automation/errors.ts";
import { verifyPhase } from "../../../automation/phases/verify.ts";
import { areEqual, scoresOf } from "../../../automation/phases/prediction.ts";
import type { FeatureSchema } from "../../../lambdas/shared/documents.ts";
import { awsError, createPhaseWorld, failureOf } from "../../support/phaseWorld.ts";
import type { PhaseWorld } from "../../support/phaseWorld.ts";

const SCHEMA: FeatureSchema = { version: 1, task: "binary", label: "churned", classes: ["no", "yes"], features: [], columnCount: 1, threshold: 0.5 };
const GOLDEN = [{ features: { age: 30 }, scores: [0.25] }, { features: { age: 60 }, scores: [0.75] }];
const SERVING = JSON.stringify({
    modelId: "binary:churned", version: "v1", modelDataUrl: "s3://models/job/output/model.tar.gz", schemaUrl: "s3://models/job/schema.json",
    goldenUrl: "s3://models/job/golden.json", trainingJobName: "job", trainingImage: "sagemaker-xgboost:3.0-5",
});

interface Api {
    readonly healthVersion?: string;
    readonly scores?: readonly number[];
    /** Answer to a request without a signature. @default 403 */
    readonly unsignedStatus?: number;
}

describe("the phase verify", () => {
    let server: Server;
    let api: Api;

    before(async () => {
        server = createServer((request, response) => {
            request.resume();
            const answer = (status: number, body: object): void => void response.writeHead(status).end(JSON.stringify(body));
            if (request.url?.endsWith("/health") === true) return answer(200, { status: "ok", servingModelVersion: api.healthVersion ?? "v1" });
            if (request.headers.authorization === undefined) return answer(api.unsignedStatus ?? 403, { message: "Forbidden" });
            const predictions = (api.scores ?? [0.25, 0.75]).map((score) => ({ label: score < 0.5 ? "no" : "yes", score, probabilities: { no: 1 - score, yes: score } }));
            answer(200, { modelVersion: "v1", task: "binary", requestId: "r", predictions });
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });
    after(() => server.close());

    function world(given: Api, serving: string | undefined = SERVING, golden: readonly object[] = GOLDEN): PhaseWorld {
        api = given;
        return createPhaseWorld({
            GetParameterCommand: () => {
                if (serving === "absent") throw awsError("ParameterNotFound");
                return { Parameter: { Value: serving } };
            },
            GetObjectCommand: ({ Key }: { Key: string }) => ({ Body: { transformToString: async () => JSON.stringify(Key.endsWith("schema.json") ? SCHEMA : golden) } }),
        }, {}, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    }

    it("passes when the API answers as the transform job did, and refuses the unsigned", async () => {
        const made = world({});
        await verifyPhase.run(made.context);
        const predictions = made.reporter.events.find((event) => event.kind === "predictions");
        expect(predictions?.samples.map(({ golden, served, answer }) => [golden, served, answer])).to.deep.equal([[[0.25], [0.25], "no"], [[0.75], [0.75], "yes"]]);
    });

    it("fails on other numbers, with the first that differs", async () => {
        const error = await failureOf(verifyPhase.run(world({ scores: [0.25, 0.7501] }).context));
        expect(error).to.be.instanceOf(CloudRefusal).with.property("message").that.equals("1 of 2 golden predictions differ: expected 0.75, got 0.7501");
        expect(error).to.have.property("fix").that.matches(/^F09/);
    });

    it("fails on missing answers, on a door that is open, and on another model than the one deployed", async () => {
        expect(await failureOf(verifyPhase.run(world({ scores: [0.25] }).context))).to.have.property("message").that.includes("1 of 2 golden predictions differ");
        expect(await failureOf(verifyPhase.run(world({ unsignedStatus: 200 }).context))).to.have.property("message").that.includes("must get 403, got 200");
        expect(await failureOf(verifyPhase.run(world({ healthVersion: "v0" }).context))).to.have.property("message").that.includes("names the model v0");
    });

    it("does not pass for want of golden predictions", async () => {
        expect(await failureOf(verifyPhase.run(world({}, SERVING, []).context))).to.have.property("message").that.includes("holds no golden predictions");
    });

    it("asks for health alone while nothing is served", async () => {
        const made = world({}, "absent");
        await verifyPhase.run(made.context);
        expect(made.notes()).to.deep.equal(["the API is healthy; no model is served yet"]);
    });
});

describe("predictions", () => {
    it("are the positive class's probability, all classes in the schema's order, or the value", () => {
        const probabilities = { blue: 0.1, red: 0.9 };
        expect(scoresOf({ probabilities }, { ...SCHEMA, classes: ["blue", "red"] })).to.deep.equal([0.9]);
        expect(scoresOf({ probabilities }, { ...SCHEMA, task: "multiclass", classes: ["red", "blue"] })).to.deep.equal([0.9, 0.1]);
        expect(scoresOf({ value: 7 }, { ...SCHEMA, task: "regression" })).to.deep.equal([7]);
    });

    it("are equal to one millionth, and never when a number is missing", () => {
        expect(areEqual([0.5], [0.5000005])).to.equal(true);
        expect(areEqual([0.5], [0.500002])).to.equal(false);
        expect(areEqual([0.5], [])).to.equal(false);
        expect(areEqual([Number.NaN], [Number.NaN])).to.equal(false);
    });
});
