import { expect } from "chai";
import type { PolicyResource, ResourceValidationArgs, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Plan } from "../../../automation/engine/engine.ts";
import { buildPolicies } from "../../../automation/policyPack/policies.ts";
import { Review } from "../../../automation/policyPack/review.ts";
import type { PreflightResult } from "../../../automation/preflight/result.ts";
import { rule as widePolicies } from "../../../automation/preflight/rules/F06.ts";
import { rule as order } from "../../../automation/preflight/rules/F28.ts";
import { samplePolicyResource } from "../../support/policyResources.ts";

const POLICY = samplePolicyResource({
    type: "aws:iam/rolePolicy:RolePolicy", name: "wide", isCustom: true, props: { policy: "an output" },
});

const FOUND: PreflightResult = {
    findings: [
        {
            id: "F06", title: "t", severity: "blocker", where: "dev/wide", what: "allows every action: s3:*", fix: "name the actions",
            urn: POLICY.urn,
        },
        { id: "F07", title: "t", severity: "warning", where: "dev/network", what: "the quota is nearly full", fix: "ask for more" },
    ],
    passed: [], notApplicable: [], skipped: [],
    notChecked: [{ id: "F42", because: "the role's policy is not known" }, { id: "F48", because: "x".repeat(500) }],
};

interface Reported { readonly policy: string; readonly message: string; readonly urn: string | undefined }

interface Report { readonly said: readonly Reported[]; readonly levels: Readonly<Record<string, unknown>> }

/** What each policy says of a run, in the order in which Pulumi asks. */
async function report(result: PreflightResult, seen: Plan[] = []): Promise<Report> {
    const review = new Review(async (plan) => {
        seen.push(plan);
        return result;
    });
    const policies = buildPolicies([widePolicies, order], review);
    const said: Reported[] = [];
    const notApplicable = (): never => { throw new Error("every policy applies"); };
    const args = { resources: [POLICY], stackTags: new Map(), getConfig: <T>() => ({}) as T, notApplicable };
    const inputs = policies[0] as ResourceValidationPolicy;
    if (typeof inputs.validateResource !== "function") throw new Error("the first policy notes inputs");
    const shown = { ...POLICY, ...args, props: { policy: "an input" } } as ResourceValidationArgs;
    await inputs.validateResource(shown, () => { throw new Error("it reports nothing"); });
    for (const policy of policies.slice(1) as StackValidationPolicy[]) {
        await policy.validateStack(args, (message, urn) => said.push({ policy: policy.name, message, urn }));
    }
    return { said, levels: Object.fromEntries(policies.map(({ name, enforcementLevel }) => [name, enforcementLevel])) };
}

describe("buildPolicies", () => {
    it("makes one mandatory policy of each rule, and of the rest no more than advice", async () => {
        const { levels } = await report(FOUND);
        expect(levels).to.deep.equal({
            inputs: "advisory", F06: "mandatory", F28: "mandatory", warnings: "advisory", "not-checked": "advisory",
        });
    });

    it("reports a blocker under its rule's name and on its resource, with what to do and where to read on", async () => {
        const { said } = await report(FOUND);
        expect(said.filter(({ policy }) => policy === "F06")).to.deep.equal([{
            policy: "F06", urn: POLICY.urn,
            message: "F06 dev/wide: allows every action: s3:*\n  fix: name the actions\n  see: docs/failures.md#f06",
        }]);
    });

    it("only advises of warnings and of what could not be checked, in short lines", async () => {
        const { said } = await report(FOUND);
        expect(said.map(({ policy }) => policy)).to.deep.equal(["F06", "warnings", "not-checked"]);
        expect(said[1]?.message).to.include("F07 dev/network: the quota is nearly full");
        expect(said[2]?.message).to.include("F42: the role's policy is not known\n").and.to.include("npm run preflight");
        expect(said[2]?.message.length).to.be.below(300);
    });

    it("says nothing when there is nothing to say", async () => {
        expect((await report({ ...FOUND, findings: [], notChecked: [] })).said).to.deep.equal([]);
    });

    it("lets the rules look once for all policies, at inputs", async () => {
        const seen: Plan[] = [];
        await report(FOUND, seen);
        expect(seen.map(({ resources }) => resources.map(({ inputs }) => inputs))).to.deep.equal([[{ policy: "an input" }]]);
    });
});

describe("Review", () => {
    it("looks again after another resource was shown", async () => {
        const seen: Plan[] = [];
        const review = new Review(async (plan) => {
            seen.push(plan);
            return FOUND;
        });
        const resources: readonly PolicyResource[] = [POLICY];
        review.note({ urn: POLICY.urn, props: { policy: "first" } });
        await review.look(resources);
        review.note({ urn: POLICY.urn, props: { policy: "second" } });
        await review.look(resources);
        expect(seen.map((plan) => plan.resources[0]?.inputs["policy"])).to.deep.equal(["first", "second"]);
    });
});
