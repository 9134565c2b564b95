import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { areEqual, scoresOf } from "../../../automation/phases/prediction.ts";
import { verifyPhase } from "../../../automation/phases/verify.ts";
import { testConfig } from "../../support/programContexts.ts";
import { awsError, createPhaseWorld, failureOf } from "../../support/phaseWorld.ts";
import type { PhaseWorld } from "../../support/phaseWorld.ts";
import { SCHEMA, servedVariant } from "../../support/verificationWorld.ts";

describe("the phase verify", () => {
    let server: Server;
    let healthVersion: string;

    before(async () => {
        server = createServer((request, response) => {
            request.resume();
            const answer = (status: number, body: object): void => void response.writeHead(status).end(JSON.stringify(body));
            if (request.url?.endsWith("/health") === true) return answer(200, { status: "ok", servingModelVersions: { champion: healthVersion } });
            if (request.method === "OPTIONS") return answer(204, {});
            if (request.headers.authorization === undefined) return answer(403, { message: "Forbidden" });
            if (request.url?.endsWith("/models") === true) return answer(200, { models: [{ modelId: "binary:churned", version: "v1", metrics: {} }] });
            if (request.url?.endsWith("/models/binary%3Achurned/versions") === true) return answer(200, { versions: [], next: "more" });
            if (request.url?.endsWith("/versions?next=more") === true) return answer(200, { versions: [{ version: "v-champion", metrics: { auc: 0.9 } }] });
            if (request.url?.includes("/ab-tests/") === true) return answer(200, { weights: { champion: 90, challenger: 10 } });
            answer(200, {
                variant: "champion", modelVersion: "v-champion", assignedVariant: "champion", fallback: false, task: "binary", requestId: "r",
                predictions: [{ label: "no", score: 0.25, probabilities: { no: 0.75, yes: 0.25 } }],
            });
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });
    after(() => server.close());

    function world(version = "v-champion"): PhaseWorld {
        healthVersion = version;
        const { model, golden } = servedVariant("champion");
        return createPhaseWorld({
            GetParameterCommand: ({ Name }: { Name: string }) => {
                if (!Name.endsWith("/serving-champion")) throw awsError("ParameterNotFound");
                return { Parameter: { Value: JSON.stringify(model) } };
            },
            GetObjectCommand: ({ Key }: { Key: string }) => ({ Body: { transformToString: async () => JSON.stringify(Key.endsWith("schema.json") ? SCHEMA : golden) } }),
            DescribeKeyCommand: () => ({ KeyMetadata: { KeyId: "k" } }),
            ListSubscriptionsByTopicCommand: () => ({ Subscriptions: [] }),
        }, { config: testConfig({ preset: "prod", alerts: { emails: ["ops@example.com"] } }) }, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    }

    it("reads in production, by HTTP as a client does, and sends nothing", async () => {
        const made = world();
        await verifyPhase.run(made.context);
        const checks = made.reporter.events.filter((event) => event.kind === "check");
        expect(checks.map(({ name, status }) => `${name} ${status}`)).to.deep.equal([
            "health done", "authorization done", "cross-origin calls done", "golden predictions done", "registry done", "encryption done", "alerts done",
        ]);
        const reading = /^(Get|List|Describe|Head)/;
        expect(made.sent.filter(({ name }) => !reading.test(name))).to.deep.equal([]);
    });

    it("fails when another model is served than the one deployed", async () => {
        expect(await failureOf(verifyPhase.run(world("v0").context))).to.have.property("message").that.includes('must be "v-champion", got "v0"');
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
