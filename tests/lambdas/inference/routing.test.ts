import { expect } from "chai";
import { infer, type InferenceRequest } from "../../../lambdas/inference/core.ts";
import type { FeatureSchema, Variant } from "../../../lambdas/shared/documents.ts";
import { createRouterWorld, keyOf, problemOf, row, schema, sdkError, type RouterWorld } from "../support/routerWorld.ts";
import { ProblemError } from "../../../lambdas/shared/problem.ts";

const body = JSON.stringify({ features: row });
const drain = { variant: "challenger", until: 1_001 } as const;
const absent = (variant: Variant) => sdkError("ValidationError", `Endpoint ${variant} of account 111122223333 not found.`);

function ask(world: RouterWorld, request: Partial<InferenceRequest> = {}) {
    return infer({ body, requestId: "request-1", ...request }, world);
}

describe("a request", () => {
    it("is answered by its key's variant, always the same one", async () => {
        for (const variant of ["champion", "challenger"] as const) {
            const world = createRouterWorld();
            for (let time = 0; time < 3; time++) {
                expect(await ask(world, { assignmentKey: keyOf(variant) })).to.include({ variant, assignedVariant: variant, modelVersion: `v-${variant}`, fallback: false });
            }
            expect(world.sent.map((sent) => sent.variant)).to.deep.equal([variant, variant, variant]);
        }
    });

    it("is assigned by its own id when it has no key", async () => {
        const world = createRouterWorld();
        for (const variant of ["champion", "challenger"] as const) {
            expect((await ask(world, { requestId: keyOf(variant) })).assignedVariant).to.equal(variant);
        }
    });

    it("gets the variant that a tester forces, whatever its key", async () => {
        const answer = await ask(createRouterWorld(), { assignmentKey: keyOf("champion"), forcedVariant: "challenger" });
        expect(answer).to.include({ variant: "challenger", assignedVariant: "challenger", fallback: false });
    });

    it("is refused when it forces something that is no variant", async () => {
        const problem = await problemOf(ask(createRouterWorld(), { forcedVariant: "Champion" }));
        expect(problem).to.deep.include({ status: 400 });
        expect(problem.detail).to.contain("x-variant must be champion or challenger");
    });

    it("is answered by the one variant that is served", async () => {
        const world = createRouterWorld({ schemas: { challenger: null } });
        expect(await ask(world, { assignmentKey: keyOf("challenger") })).to.include({ variant: "champion", assignedVariant: "challenger", fallback: true });
        expect(await problemOf(ask(world, { forcedVariant: "challenger" }))).to.include({ status: 503, retryAfterSeconds: 60 });
    });

    it("is answered although one variant's model cannot be read, and asks to try again when none can", async () => {
        const world = createRouterWorld();
        const denied = sdkError("AccessDeniedException");
        const read = (variant: Variant) => (variant === "champion" ? Promise.reject(denied) : world.readServed(variant));
        expect(await ask({ ...world, readServed: read }, { assignmentKey: keyOf("champion") })).to.include({ variant: "challenger", fallback: true });
        expect(world.reads).to.include("unreadable champion");
        const refused = await ask({ ...world, readServed: () => Promise.reject(denied) }).catch((error: unknown) => error);
        expect(refused).to.be.instanceOf(ProblemError).and.to.have.property("cause", denied);
        expect((refused as ProblemError).problem).to.include({ status: 503, retryAfterSeconds: 2 });
    });
});

describe("while a variant is drained", () => {
    it("its share goes to the other, and its model is forgotten", async () => {
        const world = createRouterWorld({ drain });
        expect(await ask(world, { assignmentKey: keyOf("challenger") })).to.include({ variant: "champion", assignedVariant: "challenger", fallback: true });
        expect(world.reads).to.deep.equal(["expire challenger", "champion"]);
    });

    it("it is no fallback: its schema is about to change", async () => {
        const world = createRouterWorld({ drain, answers: { champion: sdkError("ThrottlingException") } });
        expect(await problemOf(ask(world, { assignmentKey: keyOf("champion") }))).to.include({ status: 429 });
        expect(world.sent.map(({ variant }) => variant)).to.deep.equal(["champion"]);
    });

    it("a tester who forces it is told to come again", async () => {
        expect(await problemOf(ask(createRouterWorld({ drain }), { forcedVariant: "challenger" }))).to.deep.include({ status: 503, title: "Being deployed", retryAfterSeconds: 30 });
    });

    it("it answers all the same when there is no other", async () => {
        expect(await ask(createRouterWorld({ drain, schemas: { champion: null } }))).to.include({ variant: "challenger" });
    });

    it("nothing is kept from it any more once the time is over", async () => {
        const world = createRouterWorld({ drain: { ...drain, until: 1_000 } });
        expect(await ask(world, { assignmentKey: keyOf("challenger") })).to.include({ variant: "challenger", fallback: false });
    });
});

describe("a fallback", () => {
    const failures: Readonly<Record<string, Error | string>> = {
        "is throttled": sdkError("ThrottlingException", "", 429),
        "has a failing model": sdkError("ModelError", "", 424),
        "is not ready": sdkError("ModelNotReadyException", "", 429),
        "fails inside": sdkError("InternalFailure", "", 500),
        "answers with a status of 5xx": sdkError("Whatever", "", 503),
        "is too slow": sdkError("TimeoutError"),
        "breaks the connection": Object.assign(new Error("reset"), { syscall: "read" }),
        "does not exist": absent("champion"),
        "answers no numbers": "<html>",
    };
    for (const [what, failure] of Object.entries(failures)) {
        it(`answers when the assigned variant ${what}`, async () => {
            const world = createRouterWorld({ answers: { champion: failure } });
            expect(await ask(world, { assignmentKey: keyOf("champion") })).to.include({
                variant: "challenger", modelVersion: "v-challenger", assignedVariant: "champion", fallback: true,
            });
        });
    }

    it("is not asked when the request or our own rights are wrong", async () => {
        const denied = sdkError("AccessDeniedException");
        const world = createRouterWorld({ answers: { champion: denied } });
        expect(await ask(world, { assignmentKey: keyOf("champion") }).catch((error: unknown) => error)).to.equal(denied);
        expect((await problemOf(ask(world, { assignmentKey: keyOf("champion"), body: '{"features":{}}' }))).status).to.equal(400);
        expect(world.sent).to.have.length(1);
    });

    it("is not asked for a forced variant", async () => {
        const world = createRouterWorld({ answers: { champion: sdkError("ThrottlingException") } });
        expect(await problemOf(ask(world, { forcedVariant: "champion" }))).to.include({ status: 429 });
        expect(world.sent).to.have.length(1);
    });

    it("leaves the first one's problem when it fails too", async () => {
        const world = createRouterWorld({ answers: { champion: sdkError("ThrottlingException"), challenger: sdkError("ModelError") } });
        expect(await problemOf(ask(world, { assignmentKey: keyOf("champion") }))).to.include({ status: 429 });
        expect(await problemOf(ask(world, { assignmentKey: keyOf("challenger") }))).to.include({ status: 502 });
    });

    it("is given the rows as its own schema wants them, and none that it does not take", async () => {
        const wider: FeatureSchema = { ...schema, columnCount: 2, features: [schema.features[1]!, schema.features[0]!] };
        const world = createRouterWorld({ schemas: { challenger: wider }, answers: { champion: sdkError("ModelError") } });
        const array = JSON.stringify({ instances: [[1, true, "monthly"]] });
        expect(await problemOf(ask(world, { assignmentKey: keyOf("champion"), body: array }))).to.include({ status: 502 });
        const renamed: FeatureSchema = { ...schema, features: [...schema.features.slice(0, 2), { name: "contract/type", type: "categorical", categories: ["yearly", "weekly"] }] };
        const other = createRouterWorld({ schemas: { challenger: renamed }, answers: { champion: sdkError("ModelError") } });
        await ask(other, { assignmentKey: keyOf("champion") });
        expect(other.sent.map(({ csv }) => csv)).to.deep.equal(["30,0,0,1", "30,0,1,0"]);
    });

    it("has time left: both tries together end before the function does", async () => {
        let left = 28_000;
        const world = createRouterWorld();
        const invokeEndpoint: RouterWorld["invokeEndpoint"] = async (variant, csv, timeoutMilliseconds) => {
            world.sent.push({ variant, csv, timeoutMilliseconds });
            left -= timeoutMilliseconds;
            throw sdkError("TimeoutError");
        };
        expect(await problemOf(ask({ ...world, invokeEndpoint, remainingMilliseconds: () => left }))).to.include({ status: 504 });
        expect(world.sent.map(({ timeoutMilliseconds }) => timeoutMilliseconds)).to.deep.equal([14_000, 14_000]);
    });
});
