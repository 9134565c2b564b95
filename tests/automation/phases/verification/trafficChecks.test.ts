import { expect } from "chai";
import { assignments } from "../../../../automation/phases/verification/assignments.ts";
import type { VerificationWorld } from "../../../../automation/phases/verification/check.ts";
import { fallback } from "../../../../automation/phases/verification/fallback.ts";
import { assignKey, findKeysOf } from "../../../../automation/phases/verification/keys.ts";
import { stickiness } from "../../../../automation/phases/verification/stickiness.ts";
import { trafficSplit } from "../../../../automation/phases/verification/trafficSplit.ts";
import type { Variant, Weights } from "../../../../lambdas/shared/documents.ts";
import { awsError, failureOf } from "../../../support/phaseWorld.ts";
import type { Answers } from "../../../support/phaseWorld.ts";
import { createVerificationWorld } from "../../../support/verificationWorld.ts";
import type { TestedWorld } from "../../../support/verificationWorld.ts";

interface Routing {
    /** How a key is assigned. @default as it must be */
    readonly assign?: (key: string, weights: Weights) => Variant;
    /** Who answers for the assigned variant. @default it does */
    readonly answer?: (assigned: Variant) => Variant;
    readonly answers?: Answers;
}

/** A router behind the API that knows new weights at once. */
function world({ assign = assignKey, answer = (assigned) => assigned, answers = {} }: Routing = {}): TestedWorld & { readonly settings: readonly Weights[] } {
    const settings: Weights[] = [];
    const tested = createVerificationWorld({
        answers,
        api: ({ headers }) => {
            const assignedVariant = assign(headers?.["x-assignment-key"] ?? "", settings.at(-1) ?? { champion: 90, challenger: 10 });
            const variant = answer(assignedVariant);
            return { status: 200, body: { variant, assignedVariant, fallback: variant !== assignedVariant, modelVersion: `v-${variant}` } };
        },
    });
    const traffic: VerificationWorld["traffic"] = { set: async (weights) => void settings.push(weights), settle: async () => undefined, restore: async () => undefined };
    return { ...tested, world: { ...tested.world, traffic }, settings };
}

describe("the check traffic split", () => {
    it("compares what every request is assigned to with what its key says, under three settings", async () => {
        const made = world();
        expect(await trafficSplit.run(made.world)).to.match(/^90\/10 gave \d+\/\d+; 0\/100 gave 0\/100; 50\/50 gave \d+\/\d+: each/);
        expect(made.calls).to.have.length(300);
        expect(made.settings.at(-1)).to.deep.equal({ champion: 50, challenger: 50 });
    });

    it("fails when one request goes elsewhere, and when nobody asks the variant that has all the weight", async () => {
        let requests = 0;
        const wrong = world({ assign: (key, weights) => (++requests === 7 ? "challenger" : assignKey(key, weights)) });
        expect(await failureOf(trafficSplit.run(wrong.world))).to.have.property("message").that.matches(/^at 90\/10, 1 of 100 requests/);
        expect(await failureOf(trafficSplit.run(world({ answer: () => "champion" }).world))).to.have.property("message").that.includes("at 0/100, the challenger must answer every request, but 100 fell back");
    });
});

describe("the check stickiness", () => {
    it("fails when a key changes its variant", async () => {
        expect(await stickiness.run(world().world)).to.include("10 requests under one key went to one variant, 2 times");
        let requests = 0;
        const wavering = world({ assign: () => (++requests === 10 ? "champion" : "challenger") });
        expect(await failureOf(stickiness.run(wavering.world))).to.have.property("message").that.includes("got challenger and champion");
    });
});

describe("the check assignments", () => {
    it("gives each variant its share, 1,000 keys at 50/50 within 400 to 600", async () => {
        const measured = await assignments.run(world().world);
        const [, champion = "0"] = /1000 keys at 50\/50 gave (\d+)\//.exec(measured) ?? [];
        expect(Number(champion)).to.be.within(400, 600);
        expect(measured).to.include("100000 keys at 0/100 gave 0/100000");
    });
});

describe("the check fallback", () => {
    /** The challenger's endpoint, until it is deleted and after it was made again. */
    function endpoint() {
        let status: string | undefined = "InService";
        const answers: Answers = {
            DescribeEndpointCommand: () => {
                if (status === undefined) throw awsError("ValidationException", 'Could not find endpoint "arn".');
                return { EndpointStatus: status, EndpointArn: "arn", EndpointConfigName: "configuration-7" };
            },
            ListTagsCommand: () => ({ Tags: [{ Key: "Project", Value: "firstlight" }, { Key: "aws:created", Value: "x" }] }),
            DeleteEndpointCommand: () => {
                status = undefined;
                return {};
            },
            CreateEndpointCommand: () => {
                status = "InService";
                return {};
            },
        };
        return { answers, champion: (): Variant => (status === undefined ? "champion" : "challenger"), isThere: () => status !== undefined };
    }

    it("removes an endpoint, sees the other one answer for it, and makes it again as it was", async () => {
        const removed = endpoint();
        const made = world({ answers: removed.answers, answer: removed.champion });
        expect(await fallback.run(made.world)).to.include("10 of 10 requests for the removed challenger");
        expect(made.phase.sent.find(({ name }) => name === "CreateEndpointCommand")?.input).to.deep.equal({
            EndpointName: "firstlight-dev-challenger", EndpointConfigName: "configuration-7", Tags: [{ Key: "Project", Value: "firstlight" }],
        });
    });

    it("makes the endpoint again also when nobody fell back, and fails", async () => {
        const removed = endpoint();
        const made = world({ answers: removed.answers });
        expect(await failureOf(fallback.run(made.world))).to.have.property("message").that.includes("10 of 10 requests for the removed challenger were not answered");
        expect(removed.isThere()).to.equal(true);
    });

    it("makes the endpoint again also when it is interrupted while there is none", async () => {
        const removed = endpoint();
        const controller = new AbortController();
        const made = world({
            answers: { ...removed.answers, DeleteEndpointCommand: (input: never) => { controller.abort(); return removed.answers["DeleteEndpointCommand"]?.(input); } },
            answer: removed.champion,
        });
        await fallback.run({ ...made.world, context: { ...made.world.context, signal: controller.signal } }).catch(() => undefined);
        expect(controller.signal.aborted && removed.isThere()).to.equal(true);
    });

    it("touches nothing while the endpoint is not in service", async () => {
        const made = world({ answers: { DescribeEndpointCommand: () => ({ EndpointStatus: "Failed" }), ListTagsCommand: () => ({}) } });
        expect(await failureOf(fallback.run(made.world))).to.have.property("message").that.includes("must be in service, got Failed");
        expect(made.phase.sent.some(({ name }) => name === "DeleteEndpointCommand")).to.equal(false);
    });
});

describe("assignment keys", () => {
    it("are found for a variant", () => {
        const weights = { champion: 90, challenger: 10 };
        const keys = findKeysOf("challenger", weights, { count: 5, mark: "m" });
        expect(keys).to.have.length(5);
        expect(new Set(keys.map((key) => assignKey(key, weights)))).to.deep.equal(new Set(["challenger"]));
    });
});
