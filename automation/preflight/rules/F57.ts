/** F57: an endpoint's role and its permissions stay until the endpoint is gone. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { ancestorsOf, sourcesOf } from "../planReading/order.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const MODEL = "aws:sagemaker/model:Model";
const ROLE = "aws:iam/role:Role";
const PERMISSIONS = ["aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"];
const COMMAND = "command:local:Command";

export const rule = defineRule({
    id: "F57",
    kind: "plan",
    needs: ["plan"],
    title: "The endpoint's role outlives the endpoint",
    story: "SageMaker deletes an endpoint in the background, and needs the endpoint's role for it. The provider reported the deletion "
        + "after a second, the role went next, and the endpoint stayed: nobody could clean it up, and its name was not free again.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpoint.html",
    prevention: "A guard stands between the endpoint and its role: on destroy it waits until the endpoint is gone.",
    fix: "let a command that waits on delete depend on the role's policies, and the endpoint on that command "
        + "(components/inference/inferenceEndpoint.ts)",
    applies: (evidence) => endpointsOf(evidence).length > 0,
    check: (evidence) => checkEach(evidence, endpointsOf(evidence), (endpoint) => checkEndpoint(endpoint, evidence.plan)),
    mustFind: [
        { title: "an endpoint whose policy may go before it", evidence: () => buildEvidence({ guardWaits: false }) },
        { title: "an endpoint whose guard may go after the role", evidence: () => buildEvidence({ guardWaits: false, waitsItself: true }) },
        { title: "an endpoint that nothing waits for", evidence: () => buildEvidence({ hasGuard: false, waitsItself: true }) },
        {
            title: "a guard that does nothing on delete",
            evidence: () => buildEvidence({ guard: { create: "create", interpreter: ["node", "guard.ts", NAME] } }),
        },
        {
            title: "a guard of another endpoint",
            evidence: () => buildEvidence({ guard: { delete: "delete", interpreter: ["node", "guard.ts", "firstlight-dev-challenger"] } }),
        },
    ],
    mustPass: [
        { title: "an endpoint with a guard before its role", evidence: () => buildEvidence({}) },
    ],
});

function endpointsOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === ENDPOINT);
}

function checkEndpoint(endpoint: PlannedResource, plan: Plan): readonly Remark[] {
    const [configuration] = sourcesOf(endpoint, "endpointConfigName", { plan, type: CONFIGURATION });
    if (configuration === undefined) return [{ open: "its configuration is not of this program, so its role is not known" }];
    const roles = sourcesOf(configuration, "productionVariants", { plan, type: MODEL })
        .flatMap((model) => sourcesOf(model, "executionRoleArn", { plan, type: ROLE }));
    const needed = [...roles, ...plan.resources.filter((part) => PERMISSIONS.includes(part.type)
        && (part.propertyDependencies["role"] ?? []).some((urn) => roles.some((role) => role.urn === urn)))];
    if (needed.length === 0) return [];
    const before = ancestorsOf(endpoint, plan);
    const early = needed.filter(({ urn }) => !before.has(urn));
    if (early.length > 0) return [{ what: `does not wait for ${listNames(early)}: on destroy that may go before the endpoint` }];
    const guards = plan.resources.filter((other) => before.has(other.urn) && isGuard(other, endpoint));
    if (guards.length === 0) {
        return [{
            what: `nothing waits on destroy until it is gone, so ${listNames(needed)} may go before it`,
            fix: "let it depend on a guard of its own (components/inference/inferenceEndpoint.ts); what F02 and F58 say goes with it",
        }];
    }
    const kept = guards.map((guard) => ancestorsOf(guard, plan));
    const loose = needed.filter(({ urn }) => !kept.some((urns) => urns.has(urn)));
    return loose.length === 0 ? [] : [{ what: `${listNames(guards)} waits until it is gone, but ${listNames(loose)} may go before` }];
}

function isGuard({ type, inputs }: PlannedResource, endpoint: PlannedResource): boolean {
    if (type !== COMMAND || inputs["delete"] === undefined) return false;
    const { name } = endpoint.inputs;
    // As a word of its own: `dev-champion` is not `dev-champion-2`.
    return typeof name !== "string" || JSON.stringify(inputs).split(/[\s"'=]+/).includes(name);
}

function listNames(resources: readonly PlannedResource[]): string {
    return resources.map(({ name }) => name).join(", ");
}

const NAME = "firstlight-dev-champion";

interface SampleArgs {
    readonly hasGuard?: boolean;
    readonly guard?: SampleResource["inputs"];
    readonly guardWaits?: boolean;
    readonly waitsItself?: boolean;
}

function buildEvidence(sample: SampleArgs): Evidence {
    const { hasGuard = true, guardWaits = true, waitsItself = false } = sample;
    const { guard: inputs = { delete: "delete", interpreter: ["node", "guard.ts", "--endpoint", NAME] } } = sample;
    const role: SampleResource = { type: ROLE, name: "serving-role" };
    const policy: SampleResource = {
        type: "aws:iam/rolePolicy:RolePolicy", name: "serving-policy",
        dependencies: [urnOf(role)], propertyDependencies: { role: [urnOf(role)] },
    };
    const model: SampleResource = {
        type: MODEL, name: "model", dependencies: [urnOf(role)], propertyDependencies: { executionRoleArn: [urnOf(role)] },
    };
    const configuration: SampleResource = {
        type: CONFIGURATION, name: "config", dependencies: [urnOf(model)], propertyDependencies: { productionVariants: [urnOf(model)] },
    };
    const guard: SampleResource = { type: COMMAND, name: "guard", inputs, dependencies: guardWaits ? [urnOf(policy)] : [] };
    const waitsFor = [configuration, ...(hasGuard ? [guard] : []), ...(waitsItself ? [policy] : [])].map(urnOf);
    return buildPlanEvidence(role, policy, model, configuration, guard, {
        type: ENDPOINT, name: "champion-endpoint", inputs: { name: NAME }, dependencies: waitsFor,
        propertyDependencies: { endpointConfigName: [urnOf(configuration)] },
    });
}
