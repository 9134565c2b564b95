/** F02: an endpoint's name must be free before the endpoint is created, and nothing may replace an endpoint. */
import type { PlannedResource } from "../../engine/engine.ts";
import { buildAccount, buildPlan, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import type { AccountView } from "../account/accountView.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding, Having } from "../rule.ts";

const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const GUARD = "command:local:Command";
const OURS = "Pulumi";

export const rule = defineRule({
    id: "F02",
    kind: "account",
    needs: ["plan"],
    title: "The endpoint's name is free, and nothing replaces an endpoint",
    story: "SageMaker deletes endpoints asynchronously, but the provider treats an endpoint in Deleting as gone. The create that followed met the old "
        + "one: \"Cannot create already existing endpoint\". A Failed endpoint keeps its name too, until it is deleted.",
    source: "field report S0",
    prevention: "A guard waits until the name is free before the create and until it is gone after the delete; endpoint configurations are named automatically.",
    fix: "wait until the endpoint is gone (aws sagemaker wait endpoint-deleted), or delete the Failed one, and run the phase again",
    applies: (evidence) => endpointsOf(evidence).length > 0,
    async check(evidence) {
        const findings = [...endpointsOf(evidence).flatMap((endpoint) => checkPlanned(endpoint, evidence)), ...checkConfigurations(evidence)];
        if (evidence.account === undefined) return { findings, open: "whether the name is free needs the account" };
        for (const endpoint of endpointsOf(evidence)) findings.push(...await checkName(endpoint, evidence, evidence.account));
        return { findings };
    },
    mustFind: [
        { title: "an endpoint that is being deleted under the same name", evidence: () => buildEvidence({ status: "Deleting" }) },
        { title: "a Failed endpoint of somebody else under the same name", evidence: () => buildEvidence({ status: "Failed", tags: {} }) },
        { title: "an endpoint of somebody else in service", evidence: () => buildEvidence({ status: "InService", tags: {} }) },
        { title: "a plan that replaces the endpoint", evidence: () => buildEvidence({ endpoint: { operation: "replace" } }) },
        { title: "an endpoint without a guard", evidence: () => buildEvidence({ endpoint: { dependencies: [] } }) },
        { title: "an endpoint configuration with a fixed name", evidence: () => buildEvidence({ configurationInputs: { name: "dev-configuration" } }) },
    ],
    mustPass: [
        { title: "a configuration that the engine named", evidence: () => buildEvidence({ configurationInputs: { name: "endpoint-configuration-0123abc" } }) },
        { title: "a name that is free", evidence: () => buildEvidence({}) },
        { title: "a Failed endpoint of ours, which the guard deletes", evidence: () => buildEvidence({ status: "Failed" }) },
        { title: "an endpoint of ours in service that stays", evidence: () => buildEvidence({ status: "InService", endpoint: { operation: "same" } }) },
    ],
});

function endpointsOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === ENDPOINT);
}

function checkPlanned(endpoint: PlannedResource, { stack, plan }: Having<"plan">): Finding[] {
    const where = `${stack}/${endpoint.name}`;
    const findings: Finding[] = [];
    if (endpoint.operation === "replace" || endpoint.operation === "delete") {
        findings.push({ severity: "blocker", where, what: `the plan would ${endpoint.operation} the endpoint`, fix: "let the pipeline update it: new configuration, updateEndpoint" });
    }
    const types = new Map(plan.resources.map(({ urn, type }) => [urn, type]));
    if (!endpoint.dependencies.some((urn) => types.get(urn) === GUARD)) {
        findings.push({ severity: "blocker", where, what: "the endpoint depends on no guard that waits for its name", fix: "add the guard to its dependsOn" });
    }
    return findings;
}

function checkConfigurations({ stack, plan }: Having<"plan">): Finding[] {
    const fixed = plan.resources.filter(({ type, inputs }) => type === CONFIGURATION && inputs["name"] !== undefined)
        .filter(({ name, inputs }) => !isAutomatic(name, String(inputs["name"])));
    return fixed.map(({ name, inputs }) => ({
        severity: "blocker", where: `${stack}/${name}`, what: `the endpoint configuration has the fixed name ${String(inputs["name"])}`,
        fix: "leave the name out: configurations cannot be changed, so a new one needs a new name",
    }));
}

/** The engine fills in `<name in the program>-<7 hexadecimal characters>` where the program gives no name. */
function isAutomatic(nameInProgram: string, name: string): boolean {
    return name.startsWith(`${nameInProgram}-`) && /^[0-9a-f]{7}$/.test(name.slice(nameInProgram.length + 1));
}

async function checkName(endpoint: PlannedResource, { stack }: Evidence, account: AccountView): Promise<Finding[]> {
    const name = endpoint.inputs["name"];
    const found = typeof name === "string" ? await account.endpointNamed(name) : undefined;
    if (found === undefined) return [];
    const where = `${stack}/${endpoint.name}`;
    if (found.tags["ManagedBy"] !== OURS) {
        return [{ severity: "blocker", where, what: `an endpoint named ${String(name)} exists (${found.status}) and is not of this platform`, fix: "delete or rename the other one" }];
    }
    const isFree = found.status === "InService" || found.status === "Failed" || found.status === "Updating";
    return isFree ? [] : [{ severity: "blocker", where, what: `the endpoint ${String(name)} exists and is ${found.status}: its name is taken until it is gone` }];
}

interface SampleArgs {
    readonly status?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly endpoint?: Partial<SampleResource>;
    readonly configurationInputs?: PlannedResource["inputs"];
}

function buildEvidence({ status, tags = { ManagedBy: OURS }, endpoint, configurationInputs = {} }: SampleArgs): Evidence {
    const guard = { type: GUARD, name: "endpoint-guard" };
    const plan = buildPlan(
        guard,
        { type: CONFIGURATION, name: "endpoint-configuration", inputs: configurationInputs },
        { type: ENDPOINT, name: "endpoint", inputs: { name: "firstlight-dev-endpoint" }, dependencies: [urnOf(guard)], ...endpoint },
    );
    const account = buildAccount({ endpointNamed: async () => (status === undefined ? undefined : { status, tags }) });
    return { stack: "dev", plan: plan, account };
}
