import { expect } from "chai";
import { CloudRefusal } from "../../../../automation/errors.ts";
import type { Check } from "../../../../automation/phases/verification/check.ts";
import { runChecks } from "../../../../automation/phases/verification/runChecks.ts";
import { failureOf } from "../../../support/phaseWorld.ts";
import type { Answers, SentCommand } from "../../../support/phaseWorld.ts";
import { testConfig } from "../../../support/programContexts.ts";
import { createVerificationWorld, servedVariant } from "../../../support/verificationWorld.ts";
import type { FakeAnswer } from "../../../support/verificationWorld.ts";

function check(name: string, overrides: Partial<Check> = {}): Check {
    return { name, level: "full", run: async () => `${name} measured`, ...overrides };
}

describe("a verification", () => {
    it("runs its checks in turn and reports what each measured", async () => {
        const { world, phase } = createVerificationWorld({});
        await runChecks([check("one"), check("two")], "full", world);
        expect(phase.reporter.events.map((event) => (event.kind === "check" ? [event.name, event.status, event.measured] : event.kind)))
            .to.deep.equal([["one", "done", "one measured"], ["two", "done", "two measured"]]);
    });

    it("of production runs the smoke checks alone, and says what it leaves out", async () => {
        const { world, phase } = createVerificationWorld({});
        await runChecks([check("one", { level: "smoke" }), check("two"), check("three")], "smoke", world);
        expect(phase.reporter.events.map((event) => (event.kind === "check" ? event.name : event.kind))).to.deep.equal(["one", "note"]);
        expect(phase.notes()).to.deep.equal(["not checked: two, three, because production is only read"]);
    });

    it("stops at the first check that fails", async () => {
        const { world, phase } = createVerificationWorld({});
        const failing = check("two", { run: async () => { throw new CloudRefusal("not as it should be"); } });
        expect(await failureOf(runChecks([check("one"), failing, check("three")], "full", world))).to.be.instanceOf(CloudRefusal);
        expect(phase.reporter.events.at(-1)).to.include({ kind: "check", name: "two", status: "failed", measured: "not as it should be" });
    });

    it("says what it leaves out: for want of models, or of a token", async () => {
        const authorized = check("one", { needs: "a served model", authorized: true });
        const alone = createVerificationWorld({ served: [servedVariant("champion")] });
        await runChecks([check("two", { needs: "two served models" })], "full", alone.world);
        expect(alone.phase.notes()).to.deep.equal(["not checked: two, because only the champion is served"]);
        const none = createVerificationWorld({ served: [] });
        await runChecks([authorized], "full", none.world);
        expect(none.phase.notes()).to.deep.equal(["not checked: one, because no model is served yet"]);
        const config = testConfig({ api: { jwt: { issuer: "https://issuer.example.com", audiences: ["a"] } } });
        const closed = createVerificationWorld({ context: { config } });
        await runChecks([authorized], "full", closed.world);
        expect(closed.phase.notes().join()).to.include("FIRSTLIGHT_API_TOKEN holds none");
        const open = createVerificationWorld({ context: { config, apiToken: "t" } });
        await runChecks([authorized], "full", open.world);
        expect(open.phase.notes()).to.deep.equal([]);
    });
});

describe("the weights of a verification", () => {
    const put = ({ body }: { body?: unknown }): FakeAnswer => ({ status: 200, body });
    const changing = check("one", { run: async ({ traffic }) => { await traffic.set({ champion: 50, challenger: 50 }); throw new CloudRefusal("half way"); } });

    function weights(champion: number, challenger: number): unknown {
        return { M: { champion: { N: String(champion) }, challenger: { N: String(challenger) } } };
    }

    function sentTo(sent: readonly SentCommand[], name: string): readonly SentCommand[] {
        return sent.filter((command) => command.name === name);
    }

    it("are put back as they were, also after a failure", async () => {
        const answers: Answers = { GetItemCommand: () => ({ Item: { Weights: weights(70, 30) } }), UpdateItemCommand: () => ({}) };
        const { world, calls, phase } = createVerificationWorld({ api: put, answers });
        await failureOf(runChecks([changing], "full", world));
        expect(sentTo(phase.sent, "UpdateItemCommand").at(-1)?.input["UpdateExpression"]).to.equal("REMOVE #note");
        expect(calls.map(({ method, body }) => [method, body])).to.deep.equal([
            ["PUT", { weights: { champion: 50, challenger: 50 } }], ["PUT", { weights: { champion: 70, challenger: 30 } }],
        ]);
    });

    it("are unset when nobody had set any", async () => {
        const { world, calls, phase } = createVerificationWorld({ api: put, answers: { GetItemCommand: () => ({}), UpdateItemCommand: () => ({}) } });
        await failureOf(runChecks([changing], "full", world));
        expect(calls).to.have.length(1);
        expect(sentTo(phase.sent, "UpdateItemCommand").at(-1)?.input["UpdateExpression"]).to.equal("REMOVE #weights, #revision, #updatedAt, #note");
    });

    it("are noted beside those of the test before they are set, so that those come back after a kill", async () => {
        const { world, phase } = createVerificationWorld({ api: put, answers: { GetItemCommand: () => ({ Item: { Weights: weights(70, 30) } }), UpdateItemCommand: () => ({}) } });
        await world.traffic.set({ champion: 50, challenger: 50 });
        const [noted] = sentTo(phase.sent, "UpdateItemCommand");
        const { ":note": note } = noted?.input["ExpressionAttributeValues"] as Record<string, unknown>;
        expect(note).to.deep.equal({ M: { Weights: weights(70, 30), Set: { NS: ["50"] } } });
        const next = createVerificationWorld({ api: put, answers: { GetItemCommand: () => ({ Item: { Weights: weights(50, 50), Verification: note } }), UpdateItemCommand: () => ({}) } });
        await failureOf(runChecks([changing], "full", next.world));
        expect(next.calls.at(-1)?.body).to.deep.equal({ weights: { champion: 70, challenger: 30 } });
    });

    it("do not undo what somebody has set after the kill", async () => {
        const Verification = { M: { Weights: weights(70, 30), Set: { NS: ["50"] } } };
        const { world, calls } = createVerificationWorld({ api: put, answers: { GetItemCommand: () => ({ Item: { Weights: weights(20, 80), Verification } }), UpdateItemCommand: () => ({}) } });
        await failureOf(runChecks([changing], "full", world));
        expect(calls.at(-1)?.body).to.deep.equal({ weights: { champion: 20, challenger: 80 } });
    });

    it("are left alone when no check set any", async () => {
        const { world, phase } = createVerificationWorld({});
        await runChecks([check("one")], "full", world);
        expect(phase.sent).to.deep.equal([]);
    });
});
