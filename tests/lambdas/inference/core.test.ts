import { expect } from "chai";
import fc from "fast-check";
import { infer, type InferenceAnswer } from "../../../lambdas/inference/core.ts";
import type { FeatureSchema } from "../../../lambdas/shared/documents.ts";
import { ProblemError } from "../../../lambdas/shared/problem.ts";
import { createRouterWorld, problemOf, row, schema, sdkError, type EndpointAnswer } from "../support/routerWorld.ts";

interface Call {
    readonly body?: unknown;
    /** Null: nothing is served. */
    readonly schema?: FeatureSchema | null;
    readonly answer?: EndpointAnswer;
    readonly sent?: string[];
}

/** Asks where the champion alone is served. */
async function call({ body = { features: row }, schema: used = schema, answer = "0.7\n", sent = [] }: Call): Promise<InferenceAnswer> {
    const world = createRouterWorld({ schemas: { champion: used, challenger: null }, answers: { champion: answer } });
    try {
        return await infer({ body: typeof body === "string" ? body : JSON.stringify(body), requestId: "request-1" }, world);
    } finally {
        sent.push(...world.sent.map(({ csv }) => csv));
    }
}

function failWith(name: string, message = ""): Call {
    return { answer: sdkError(name, message) };
}

describe("infer", () => {
    it("sends named features as the model's columns and answers with label, score and version", async () => {
        const sent: string[] = [];
        const answer = await call({ sent });
        expect(sent).to.deep.equal(["30,0,0,1"]);
        expect(answer).to.deep.include({ variant: "champion", modelVersion: "v-champion", task: "binary", requestId: "request-1" });
        expect(answer.predictions).to.have.length(1);
        expect(answer.predictions[0]).to.deep.include({ label: "yes", score: 0.7 });
        expect(answer.predictions[0]?.probabilities?.["no"]).to.be.closeTo(0.3, 1e-12);
    });

    it("takes an array of values in the schema's order, and null for what is not known", async () => {
        const sent: string[] = [];
        await call({ sent, body: { features: [null, null, null] } });
        await call({ sent, body: { features: ["30", "YES", "monthly"] } });
        expect(sent).to.deep.equal(["42,1,0,0", "30,1,1,0"]);
    });

    it("answers several rows, whether the model separates by newline or comma", async () => {
        for (const answer of ["0.1\n0.9\n", "0.1,0.9"]) {
            const { predictions } = await call({ answer, body: { instances: [row, [30, true, "monthly"]] } });
            expect(predictions.map(({ label, score }) => [label, score])).to.deep.equal([["no", 0.1], ["yes", 0.9]]);
        }
    });

    it("decides by the threshold, which itself is positive", async () => {
        expect((await call({ answer: "0.4" })).predictions[0]?.label).to.equal("yes");
        expect((await call({ answer: "0.3999" })).predictions[0]?.label).to.equal("no");
    });

    it("answers the likeliest of three classes with all probabilities", async () => {
        const { threshold: _, ...others } = schema;
        const three: FeatureSchema = { ...others, task: "multiclass", classes: ["a", "b", "c"] };
        const { predictions } = await call({ schema: three, answer: "0.2,0.5,0.3" });
        expect(predictions).to.deep.equal([{ label: "b", score: 0.5, probabilities: { a: 0.2, b: 0.5, c: 0.3 } }]);
    });

    it("answers the value of a regression", async () => {
        const { threshold: _threshold, classes: _classes, ...others } = schema;
        expect((await call({ schema: { ...others, task: "regression" }, answer: "-12.5" })).predictions).to.deep.equal([{ value: -12.5 }]);
    });
});

describe("a refused request", () => {
    it("lists unknown, absent and wrong values, each with a pointer", async () => {
        const problem = await problemOf(call({ body: { features: { age: "old", "contract/type": "daily", agee: 1 } } }));
        expect(problem.status).to.equal(400);
        expect(problem.errors).to.deep.equal([
            { pointer: "/features/agee", detail: "agee is not a feature of the model" },
            { pointer: "/features/paperless", detail: "paperless is absent; send null when it is not known" },
            { pointer: "/features/age", detail: 'age is "old", but must be a number' },
            { pointer: "/features/contract~1type", detail: 'contract/type is "daily", but must be one of "monthly", "yearly"' },
        ]);
    });

    it("names the row and place of a wrong value in an array", async () => {
        const problem = await problemOf(call({ body: { instances: [[1, true, "monthly"], [1, 2, {}]] } }));
        expect(problem.errors?.map(({ pointer }) => pointer)).to.deep.equal(["/instances/1/2", "/instances/1/1"]);
    });

    it("says how many values an array must have, and in which order", async () => {
        const problem = await problemOf(call({ body: { features: [1, 2] } }));
        expect(problem.errors?.[0]?.detail).to.equal("has 2 values, but the model has 3 features: age, paperless, contract/type");
    });

    it("is one that is not JSON, has both forms, neither, or more", async () => {
        for (const body of ["", "{", "[]", {}, { features: row, instances: [row] }, { features: row, x: 1 }, { instances: [] }, { instances: row }, { features: 5 }]) {
            const sent: string[] = [];
            expect((await problemOf(call({ body, sent }))).status, JSON.stringify(body)).to.equal(400);
            expect(sent).to.deep.equal([]);
        }
    });

    it("lists at most 20 reasons", async () => {
        const instances = Array.from({ length: 100 }, () => ["x", "x", "x"]);
        expect((await problemOf(call({ body: { instances } }))).errors).to.have.length(20);
    });

    it("is one above 4 MB, as body and as what it encodes to", async () => {
        expect(await problemOf(call({ body: "x".repeat(4 * 1024 * 1024 + 1) }))).to.include({ status: 413 });
        const wide: FeatureSchema = {
            ...schema, columnCount: 10_000,
            features: [{ name: "c", type: "categorical", categories: Array.from({ length: 10_000 }, (_, index) => `c${index}`) }],
        };
        const instances = Array.from({ length: 250 }, () => ["c1"]);
        expect(await problemOf(call({ schema: wide, body: { instances } }))).to.include({ status: 413 });
    });
});

describe("a failed inference", () => {
    it("is 503 and says what to run when no endpoint is declared or it is gone", async () => {
        const absent = await problemOf(call({ schema: null }));
        expect(absent.status).to.equal(503);
        expect(absent.detail).to.contain("--until enable-endpoints");
        const gone = await problemOf(call(failWith("ValidationError", "Endpoint firstlight-dev of account 111122223333 not found.")));
        expect(gone.status).to.equal(503);
    });

    it("is 429 with the time to wait when the endpoint is busy", async () => {
        expect(await problemOf(call(failWith("ThrottlingException")))).to.include({ status: 429, retryAfterSeconds: 1 });
    });

    it("is 502 when the container fails and 504 when it is too slow", async () => {
        expect(await problemOf(call(failWith("ModelError", "Received client error (400) from primary")))).to.include({ status: 502 });
        expect(await problemOf(call(failWith("TimeoutError")))).to.include({ status: 504 });
        expect(await problemOf(call(failWith("AbortError")))).to.include({ status: 504 });
    });

    it("is 502 when the model answers another number of scores, or no numbers", async () => {
        for (const answer of ["", "0.1,0.2", "nan", "<html>"]) expect(await problemOf(call({ answer })), answer).to.include({ status: 502 });
    });

    it("is our own mistake when the schema's columns do not add up", async () => {
        const error = await call({ schema: { ...schema, columnCount: 5 } }).catch((reason: unknown) => reason);
        expect(error).to.not.be.instanceOf(ProblemError);
        expect((error as Error).message).to.contain("give 4 columns, but its columnCount is 5");
    });

    it("keeps an error that nobody can mend from here", async () => {
        const error = await call(failWith("AccessDeniedException", "no")).catch((reason: unknown) => reason);
        expect(error).to.include({ name: "AccessDeniedException" });
    });
});

describe("any body", () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.object());
    const named = fc.record({ age: value, paperless: value, "contract/type": value }, { requiredKeys: [] });
    const anyRow = fc.oneof(named, fc.array(value, { maxLength: 5 }), fc.jsonValue());
    const body = fc.oneof(fc.string(), fc.json(), fc.record({ features: anyRow }).map((each) => JSON.stringify(each)), fc.record({ instances: fc.array(anyRow) }).map((each) => JSON.stringify(each)));

    it("is either answered or refused with a reason, and what is sent has the model's columns", async () => {
        await fc.assert(fc.asyncProperty(body, async (text) => {
            const sent: string[] = [];
            const outcome = await call({ body: text, sent, answer: (csv) => csv.split("\n").map(() => "0.5").join(",") }).catch((error: unknown) => error);
            if (outcome instanceof ProblemError) expect(outcome.problem.status).to.equal(400);
            else expect(outcome).to.have.property("predictions");
            for (const line of sent.flatMap((csv) => csv.split("\n"))) expect(line).to.match(/^-?[\d.e+-]+,[01],([01],[01])$/);
        }), { numRuns: 300 });
    });
});
