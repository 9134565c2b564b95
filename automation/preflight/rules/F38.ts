/** F38: a role can be deleted: what is attached to it goes first, by whomever it was attached. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { ancestorsOf } from "../planReading/order.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence, urnOf, withoutAbsent } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
/** What IAM wants gone before the role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html */
const ATTACHED = [ROLE_POLICY, ATTACHMENT, "aws:iam/instanceProfile:InstanceProfile"];
/** Lists on the role itself that take off whatever else is attached, and the resources that attach it again. */
const EXCLUSIVE = { inlinePolicies: ROLE_POLICY, managedPolicyArns: ATTACHMENT } as const;

export const rule = defineRule({
    id: "F38",
    kind: "plan",
    needs: ["plan"],
    title: "Roles can be deleted with all that is attached to them",
    story: "Removing the stack ended at its roles: \"Cannot delete entity, must delete policies first\". Policies that a clean-up script "
        + "and the console had attached were in no state, and the roles' names stayed taken for the next deployment.",
    source: "field reports S0-S4",
    prevention: "One component makes each role, with forceDetachPolicies, and its policy from the role's name, so that it goes first.",
    fix: "make the role by components/iam/serviceRole.ts: forceDetachPolicies true, policies as resources that take the name from the role",
    applies: (evidence) => rolesOf(evidence).length > 0,
    check(evidence) {
        const roles = rolesOf(evidence);
        return checkEach(evidence, roles, (role) => [
            ...(role.inputs["forceDetachPolicies"] === true ? [] : [{
                severity: "warning" as const, what: "has no forceDetachPolicies: what others attach to it keeps it from being deleted",
            }]),
            ...findLooseParts(role, evidence.plan),
            ...findRivals(role, evidence.plan),
        ]);
    },
    mustFind: [
        { title: "a role that keeps what others attached", evidence: () => buildEvidence({ forceDetachPolicies: undefined }) },
        { title: "a policy that only names its role", evidence: () => buildEvidence({}, { propertyDependencies: {} }) },
        {
            title: "a list on the role that fights the policy beside it",
            evidence: () => buildEvidence({ inlinePolicies: [{ name: "reads", policy: "{}" }] }),
        },
    ],
    mustPass: [
        { title: "a role whose policy goes first", evidence: () => buildEvidence({}) },
        { title: "a policy of another role", evidence: () => buildEvidence({}, { inputs: { role: "other" }, propertyDependencies: {} }) },
    ],
});

function rolesOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === ROLE);
}

/** Parts that carry the role's name, but do not come from it: then nothing makes the engine delete them first. */
function findLooseParts(role: PlannedResource, plan: Plan): readonly Remark[] {
    const { name } = role.inputs;
    if (typeof name !== "string") return [];
    const named = plan.resources.filter(({ type, inputs }) => ATTACHED.includes(type) && inputs["role"] === name);
    return named.filter((part) => !ancestorsOf(part, plan).has(role.urn))
        .map(({ name: part }) => ({
            what: `${part} names it without depending on it: made first it is refused, and left attached it keeps the role from going`,
        }));
}

function findRivals(role: PlannedResource, { resources }: Plan): readonly Remark[] {
    return Object.entries(EXCLUSIVE).filter(([property]) => role.inputs[property] !== undefined).flatMap(([property, rivalType]) => {
        const rivals = resources.filter(({ type }) => type === rivalType)
            .filter(({ propertyDependencies }) => (propertyDependencies["role"] ?? []).includes(role.urn));
        return rivals.map((rival) => ({ what: `its ${property} take off ${rival.name}, and each deployment undoes the other's work` }));
    });
}

function buildEvidence(fields: Parameters<typeof withoutAbsent>[0], policy: Partial<SampleResource> = {}): Evidence {
    const inputs = withoutAbsent({ name: "worker", forceDetachPolicies: true, ...fields });
    const role: SampleResource = { type: ROLE, name: "worker-role", inputs };
    return buildPlanEvidence(role, {
        type: ROLE_POLICY, name: "worker-policy", inputs: { role: "worker", policy: "{}" }, propertyDependencies: { role: [urnOf(role)] },
        dependencies: "propertyDependencies" in policy ? [] : [urnOf(role)], ...policy,
    });
}
