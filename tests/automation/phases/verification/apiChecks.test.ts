import { expect } from "chai";
import { CloudRefusal } from "../../../../automation/errors.ts";
import { authorization } from "../../../../automation/phases/verification/authorization.ts";
import { badRequests } from "../../../../automation/phases/verification/badRequests.ts";
import { crossOrigin } from "../../../../automation/phases/verification/crossOrigin.ts";
import { goldenPredictions } from "../../../../automation/phases/verification/goldenPredictions.ts";
import { health } from "../../../../automation/phases/verification/health.ts";
import { registry } from "../../../../automation/phases/verification/registry.ts";
import { failureOf } from "../../../support/phaseWorld.ts";
import { testConfig } from "../../../support/programContexts.ts";
import { createVerificationWorld, servedVariant } from "../../../support/verificationWorld.ts";
import type { ApiCall, FakeAnswer } from "../../../support/verificationWorld.ts";

function answerInference(scores: readonly number[], overrides: object = {}) {
    return ({ headers }: ApiCall): FakeAnswer => {
        const variant = headers?.["x-variant"] ?? "none";
        const predictions = scores.map((score) => ({ label: score < 0.5 ? "no" : "yes", score, probabilities: { no: 1 - score, yes: score } }));
        return { status: 200, body: { variant, modelVersion: `v-${variant}`, assignedVariant: variant, fallback: false, task: "binary", requestId: "r", predictions, ...overrides } };
    };
}

describe("the check golden predictions", () => {
    it("asks each variant by its name and compares with the transform job", async () => {
        const { world, phase, calls } = createVerificationWorld({ api: answerInference([0.25, 0.75]) });
        expect(await goldenPredictions.run(world)).to.include("champion 2, challenger 2 answered");
        expect(calls.map(({ headers }) => headers?.["x-variant"])).to.deep.equal(["champion", "challenger"]);
        const events = phase.reporter.events.filter((event) => event.kind === "predictions");
        expect(events.map(({ variant, samples }) => [variant, samples.map(({ golden, served, answer }) => [golden, served, answer])])).to.deep.equal([
            ["champion", [[[0.25], [0.25], "no"], [[0.75], [0.75], "yes"]]], ["challenger", [[[0.25], [0.25], "no"], [[0.75], [0.75], "yes"]]],
        ]);
    });

    it("asks one per variant in production", async () => {
        const config = testConfig({ preset: "prod", alerts: { emails: ["ops@example.com"] } });
        const { world, calls } = createVerificationWorld({ api: answerInference([0.25]), context: { config } });
        expect(await goldenPredictions.run(world)).to.include("champion 1, challenger 1");
        expect(calls.map(({ body }) => body)).to.deep.equal([{ instances: [{ age: 30 }] }, { instances: [{ age: 30 }] }]);
    });

    it("fails on other numbers with the first that differs, and on missing ones", async () => {
        const error = await failureOf(goldenPredictions.run(createVerificationWorld({ api: answerInference([0.25, 0.7501]) }).world));
        expect(error).to.be.instanceOf(CloudRefusal).with.property("message").that.equals("1 of 2 golden predictions differ for the champion: expected 0.75, got 0.7501");
        expect(error).to.have.property("fix").that.matches(/^F09/);
        expect(await failureOf(goldenPredictions.run(createVerificationWorld({ api: answerInference([0.25]) }).world))).to.have.property("message").that.includes("1 of 2 golden predictions");
    });

    it("fails when another variant answers, and for want of golden predictions", async () => {
        const fallen = createVerificationWorld({ api: answerInference([0.25, 0.75], { variant: "challenger" }) });
        expect(await failureOf(goldenPredictions.run(fallen.world))).to.have.property("message").that.includes('must be ["champion","v-champion"], got ["challenger"');
        const none = createVerificationWorld({ served: [{ ...servedVariant("champion"), golden: [] }] });
        expect(await failureOf(goldenPredictions.run(none.world))).to.have.property("message").that.includes("holds no golden predictions");
    });
});

describe("the check health", () => {
    const answer = (servingModelVersions: object) => (): FakeAnswer => ({ status: 200, body: { status: "ok", environment: "dev", servingModelVersions } });

    it("passes when the deployed versions are named, without authorization", async () => {
        const { world, calls } = createVerificationWorld({ api: answer({ champion: "v-champion", challenger: "v-challenger" }) });
        expect(await health.run(world)).to.include("champion v-champion, challenger v-challenger");
        expect(calls.map(({ isAuthorized }) => isAuthorized)).to.deep.equal([false]);
        expect(await health.run(createVerificationWorld({ api: answer({}), served: [] }).world)).to.equal("the API is healthy; no model is served yet");
    });

    it("fails on another version, on one that is not deployed, and when the API is down", async () => {
        const run = async (api: () => FakeAnswer, served = [servedVariant("champion")]): Promise<unknown> => failureOf(health.run(createVerificationWorld({ api, served }).world));
        expect(await run(answer({ champion: "v0" }))).to.have.property("message").that.includes('must be "v-champion", got "v0"');
        expect(await run(answer({ champion: "v-champion", challenger: "v0" }))).to.have.property("message").that.includes("the challenger's version");
        expect(await run(() => ({ status: 503, body: "down" }))).to.have.property("message").that.equals("GET /health must answer 200, got 503: down");
    });
});

describe("the check authorization", () => {
    it("calls every closed route unsigned and wants each refused", async () => {
        const { world, calls } = createVerificationWorld({ api: () => ({ status: 403 }) });
        expect(await authorization.run(world)).to.match(/^5 routes answer 403/);
        expect(calls.some(({ isAuthorized }) => isAuthorized)).to.equal(false);
        expect(calls.map(({ path }) => path)).to.include("/ab-tests/champion-challenger");
    });

    it("fails on a door that is open, and names what the configuration opens", async () => {
        const open = (call: ApiCall): FakeAnswer => ({ status: call.path === "/models" ? 200 : 403 });
        expect(await failureOf(authorization.run(createVerificationWorld({ api: open }).world))).to.have.property("message").that.equals("an unsigned GET /models must get 403, got 200");
        const config = testConfig({ api: { openRoutes: ["GET /models"] } });
        expect(await authorization.run(createVerificationWorld({ api: open, context: { config } }).world)).to.include("open by configuration: GET /models");
    });

    it("wants 401 where tokens are shown", async () => {
        const config = testConfig({ api: { jwt: { issuer: "https://issuer.example.com", audiences: ["a"] } } });
        expect(await authorization.run(createVerificationWorld({ api: () => ({ status: 401 }), context: { config } }).world)).to.include("answer 401");
        expect(await failureOf(authorization.run(createVerificationWorld({ api: () => ({ status: 403 }), context: { config } }).world))).to.have.property("message").that.includes("must get 401");
    });
});

describe("the check cross-origin calls", () => {
    const allow = (origin: string) => ({ headers }: ApiCall): FakeAnswer => (
        headers?.["origin"] === origin ? { status: 204, headers: { "access-control-allow-origin": origin } } : { status: 204 });

    it("passes when the configured origins may call and others may not", async () => {
        const config = testConfig({ api: { corsOrigins: ["https://app.example.com"] } });
        expect(await crossOrigin.run(createVerificationWorld({ api: allow("https://app.example.com"), context: { config } }).world)).to.equal("https://app.example.com allowed, another origin not");
        expect(await crossOrigin.run(createVerificationWorld({ api: allow("nobody") }).world)).to.equal("no origin is allowed");
    });

    it("fails when an origin is not let in, or a stranger is", async () => {
        const config = testConfig({ api: { corsOrigins: ["https://app.example.com"] } });
        expect(await failureOf(crossOrigin.run(createVerificationWorld({ api: allow("nobody"), context: { config } }).world))).to.have.property("message").that.includes("must be allowed, got access-control-allow-origin none");
        const everybody = ({ headers }: ApiCall): FakeAnswer => ({ status: 204, headers: { "access-control-allow-origin": headers?.["origin"] ?? "" } });
        expect(await failureOf(crossOrigin.run(createVerificationWorld({ api: everybody, context: { config } }).world))).to.have.property("message").that.includes("must not be allowed");
    });
});

describe("the check registry", () => {
    const answer = (version: object, weights = { champion: 90, challenger: 10 }) => ({ path }: ApiCall): FakeAnswer => {
        if (path.startsWith("/ab-tests")) return { status: 200, body: { weights } };
        return { status: 200, body: path === "/models" ? { models: [{ modelId: "binary:churned" }] } : { versions: [version] } };
    };
    const run = async (api: (call: ApiCall) => FakeAnswer): Promise<unknown> => registry.run(createVerificationWorld({ api, served: [servedVariant("champion")] }).world);

    it("wants every served version with its metrics, and weights that sum", async () => {
        expect(await run(answer({ version: "v-champion", metrics: { auc: 0.9 } }))).to.equal("1 models; the served versions are there with their metrics; weights 90/10");
        expect(await failureOf(run(answer({ version: "v0", metrics: { auc: 0.9 } })))).to.have.property("message").that.includes("does not name the version v-champion");
        expect(await failureOf(run(answer({ version: "v-champion", metrics: {} })))).to.have.property("message").that.includes("no metrics of v-champion");
        expect(await failureOf(run(answer({ version: "v-champion", metrics: { auc: 0.9 } }, { champion: 90, challenger: 20 })))).to.have.property("message").that.includes("must be 100, got 110");
        expect(await failureOf(run(() => ({ status: 200, body: { models: [] } })))).to.have.property("message").that.includes("does not name binary:churned");
    });
});

describe("the check bad requests", () => {
    const refuse = (overrides: object = {}, type = "application/problem+json") => ({ method, path, body }: ApiCall): FakeAnswer => {
        const status = method === "GET" ? 404 : JSON.stringify(body).includes("revision") && path.startsWith("/ab-tests") ? 409 : 400;
        return { status, body: { status, title: "t", requestId: "r", ...overrides }, headers: { "content-type": type } };
    };

    it("passes when each is refused with a problem", async () => {
        expect(await badRequests.run(createVerificationWorld({ api: refuse() }).world)).to.match(/^6 refused as problem\+json: no JSON \(400\)/);
    });

    it("fails on another status, another form, and an answer without its request's id", async () => {
        expect(await failureOf(badRequests.run(createVerificationWorld({ api: () => ({ status: 500 }) }).world))).to.have.property("message").that.includes("must answer 400, got 500");
        expect(await failureOf(badRequests.run(createVerificationWorld({ api: refuse({}, "application/json") }).world))).to.have.property("message").that.includes("must answer with a problem");
        expect(await failureOf(badRequests.run(createVerificationWorld({ api: refuse({ requestId: null }) }).world))).to.have.property("message").that.includes("must answer with a problem");
    });
});
