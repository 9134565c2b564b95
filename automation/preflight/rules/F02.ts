/** F02: an endpoint's name must be free before the endpoint is created, and nothing may replace an endpoint. */
import type { PlannedResource } from "../../engine/engine.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildAccount, buildConfig, buildPlan, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import type { AccountView } from "../account/accountView.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding, Having } from "../rule.ts";

const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const GUARD = "command:local:Command";

export const rule = defineRule({
    id: "F02",
    kind: "account",
    needs: ["plan"],
    title: "The endpoint's name is free, and nothing replaces an endpoint",
    story: "SageMaker deletes endpoints asynchronously, but the provider treats an endpoint in Deleting as gone: \"deleted in 0s\". The "
        + "create "
        + "that followed met the old one: \"Cannot create already existing endpoint\". A Failed endpoint keeps its name too, until it "
        + "is deleted, so that each new run failed at the same place.",
    source: "field report S0",
    prevention: "A guard waits until the name is free before the create and until it is gone after the delete, and deletes a Failed "
        + "endpoint of the stack; endpoint configurations are named automatically.",
    fix: "wait until the endpoint is gone (`aws sagemaker wait endpoint-deleted --endpoint-name <name>`), and run again: "
        + "`node automation/deploy.ts --stack <stack> --from enable-endpoints`",
    applies: (evidence) => endpointsOf(evidence).length > 0,
    async check(evidence) {
        const findings = [...endpointsOf(evidence).flatMap((endpoint) => checkPlanned(endpoint, evidence)), ...checkConfigurations(evidence)];
        if (evidence.account === undefined) return { findings, open: "whether the name is free needs the account" };
        const unnamed = endpointsOf(evidence).filter(({ inputs }) => isUnknown(inputs["name"])).map(({ name }) => name);
        for (const endpoint of endpointsOf(evidence)) findings.push(...await checkName(endpoint, evidence, evidence.account));
        return unnamed.length === 0 ? { findings } : { findings, open: `the name is not known before the deployment: ${unnamed.join(", ")}` };
    },
    mustFind: [
        { title: "an endpoint that is being deleted under the same name", evidence: () => buildEvidence({ status: "Deleting" }) },
        { title: "a Failed endpoint of somebody else under the same name", evidence: () => buildEvidence({ status: "Failed", tags: {} }) },
        {
            title: "an endpoint of another environment in service",
            evidence: () => buildEvidence({ status: "InService", tags: { ...TAGS, Environment: "staging" } }),
        },
        { title: "a plan that replaces the endpoint", evidence: () => buildEvidence({ endpoint: { operation: "replace" } }) },
        { title: "a plan that deletes the endpoint", evidence: () => buildEvidence({ endpoint: { operation: "delete" } }) },
        { title: "an endpoint without a guard", evidence: () => buildEvidence({ endpoint: { dependencies: [] } }) },
        {
            title: "an endpoint configuration with a fixed name",
            evidence: () => buildEvidence({ configurationInputs: { name: "dev-configuration" } }),
        },
    ],
    mustPass: [
        {
            title: "a configuration that the engine named",
            evidence: () => buildEvidence({ configurationInputs: { name: "endpoint-configuration-0123abc" } }),
        },
        { title: "a name that is free", evidence: () => buildEvidence({}) },
        { title: "a Failed endpoint of ours, which the guard deletes", evidence: () => buildEvidence({ status: "Failed" }) },
        {
            title: "an endpoint of ours in service that stays",
            evidence: () => buildEvidence({ status: "InService", endpoint: { operation: "same" } }),
        },
        {
            title: "a plan that deletes the endpoint because endpoints are switched off",
            evidence: () => ({
                ...buildEvidence({ status: "InService", endpoint: { operation: "delete" } }),
                config: buildConfig({ inference: { endpoints: "off" } }),
            }),
        },
    ],
});

function endpointsOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === ENDPOINT);
}

function checkPlanned(endpoint: PlannedResource, { stack, plan, config }: Having<"plan">): Finding[] {
    const { operation, dependencies } = endpoint;
    const about = { severity: "blocker", where: `${stack}/${endpoint.name}`, urn: endpoint.urn } as const;
    if (operation === "delete") {
        const what = "the plan would delete the endpoint, and nobody has switched endpoints off";
        const fix = `to remove it: node automation/deploy.ts endpoints off --stack ${stack}; otherwise find out why the program no longer `
            + "declares it";
        return config?.inference.endpoints === "off" ? [] : [{ ...about, what, fix }];
    }
    const findings: Finding[] = [];
    if (operation === "replace") {
        const what = "the plan would replace the endpoint: it would answer nobody until the new one is there";
        const fix = "take back what forces it (its name, mostly); a new model or memory is the pipeline's to bring in, by updateEndpoint";
        findings.push({ ...about, what, fix });
    }
    const types = new Map(plan.resources.map(({ urn, type }) => [urn, type]));
    if (!dependencies.some((urn) => types.get(urn) === GUARD)) {
        findings.push({ ...about, what: "the endpoint depends on no guard that waits for its name", fix: "add the guard to its dependsOn" });
    }
    return findings;
}

function checkConfigurations({ stack, plan }: Having<"plan">): Finding[] {
    const fixed = plan.resources.filter(({ type, inputs }) => type === CONFIGURATION && inputs["name"] !== undefined)
        .filter(({ name, inputs }) => !isAutomatic(name, String(inputs["name"])));
    return fixed.map(({ name, urn, inputs }) => ({
        severity: "blocker", where: `${stack}/${name}`, urn, what: `the endpoint configuration has the fixed name ${String(inputs["name"])}`,
        fix: "leave the name out: configurations cannot be changed, so a new one needs a new name",
    }));
}

/** The engine fills in `<name in the program>-<7 hexadecimal characters>` where the program gives no name. */
function isAutomatic(nameInProgram: string, name: string): boolean {
    return name.startsWith(`${nameInProgram}-`) && /^[0-9a-f]{7}$/.test(name.slice(nameInProgram.length + 1));
}

async function checkName(endpoint: PlannedResource, { stack }: Evidence, account: AccountView): Promise<Finding[]> {
    const { name } = endpoint.inputs;
    const found = typeof name === "string" && !isUnknown(name) ? await account.endpointNamed(name) : undefined;
    if (found === undefined) return [];
    const about = { severity: "blocker", where: `${stack}/${endpoint.name}`, urn: endpoint.urn } as const;
    if (!isOurs(found.tags, endpoint)) {
        const what = `an endpoint named ${String(name)} exists (${found.status}) and does not carry this stack's tags`;
        return [{ ...about, what, fix: "deploy under another name (another stack, or ENVIRONMENT_SUFFIX), or have its owner delete it" }];
    }
    // A Failed one is deleted by the guard; one that works, or is being updated, is the one that the state has.
    const isUsable = found.status === "InService" || found.status === "Failed" || found.status === "Updating";
    return isUsable ? [] : [{ ...about, what: `the endpoint ${String(name)} exists and is ${found.status}: its name is taken until it is gone` }];
}

/** By what all resources of the stack carry. */
function isOurs(tags: Readonly<Record<string, string>>, { inputs }: PlannedResource): boolean {
    const own = (inputs["tags"] ?? {}) as PropertyMap;
    return ["Project", "Environment"].every((key) => own[key] !== undefined && own[key] === tags[key]);
}

const TAGS = { Project: "firstlight", Environment: "dev" };

interface SampleArgs {
    readonly status?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly endpoint?: Partial<SampleResource>;
    readonly configurationInputs?: PlannedResource["inputs"];
}

function buildEvidence({ status, tags = TAGS, endpoint, configurationInputs = {} }: SampleArgs): Evidence {
    const guard = { type: GUARD, name: "endpoint-guard" };
    const plan = buildPlan(
        guard,
        { type: CONFIGURATION, name: "endpoint-configuration", inputs: configurationInputs },
        { type: ENDPOINT, name: "endpoint", inputs: { name: "firstlight-dev-endpoint", tags: TAGS }, dependencies: [urnOf(guard)], ...endpoint },
    );
    const account = buildAccount({ endpointNamed: async () => (status === undefined ? undefined : { status, tags }) });
    return { stack: "dev", plan, account };
}
