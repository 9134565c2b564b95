/** F27: names carry the environment, so that two environments in one account never meet. */
import { parseConfig } from "../../../components/config.ts";
import type { PlatformConfig } from "../../../components/config.ts";
import { createNaming } from "../../../components/naming.ts";
import type { Naming } from "../../../components/naming.ts";
import { carriesEnvironment, findSharedName, namePropertyOf } from "../../../components/resourceNames.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding, Having } from "../rule.ts";

export const rule = defineRule({
    id: "F27",
    kind: "plan",
    needs: ["plan", "config"],
    title: "Every physical name carries the environment",
    story: "Pull requests were deployed side by side into one account. Some names had the suffix and some had not: the second environment "
        + "took over the first one's queue, and removing it removed both.",
    source: "field reports S0-S4",
    prevention: "All names come from one function, which begins each with project and environment; a suffix is joined by two hyphens, "
        + "which no stack's name has. The program refuses any other name while it declares it (components/nameGuard.ts).",
    fix: "make the name by context.naming, or leave it out so that the engine names the resource",
    applies: (evidence) => namedResources(evidence).length > 0,
    check(evidence): CheckResult {
        // Account and region are no part of what is compared.
        const { prefix } = createNaming(evidence.config, { accountId: "0".repeat(12), region: "none" });
        return { findings: namedResources(evidence).flatMap((resource) => checkName(resource, prefix, evidence.stack)) };
    },
    mustFind: [
        {
            title: "a table that is called the same in every environment",
            evidence: () => buildEvidence("aws:dynamodb/table:Table", { name: "firstlight-model-metadata" }),
        },
        {
            title: "a bucket of another environment",
            evidence: () => buildEvidence("aws:s3/bucket:Bucket", { bucket: "firstlight-staging-raw-123456789012" }),
        },
        {
            title: "a log group without the environment",
            evidence: () => buildEvidence("aws:cloudwatch/logGroup:LogGroup", { name: "/aws/lambda/inference" }),
        },
        {
            title: "a pull request that names things like its base",
            evidence: () => buildEvidence("aws:sns/topic:Topic", { name: "firstlight-dev-alerts" }, "pr4095"),
        },
        {
            title: "a database of every environment",
            evidence: () => buildEvidence("aws:rds/instance:Instance", { identifier: "firstlight-orders" }),
        },
        {
            title: "a load balancer of another pull request",
            evidence: () => buildEvidence("aws:lb/loadBalancer:LoadBalancer", { name: "firstlight-dev--pr40-web" }, "pr4095"),
        },
        {
            title: "a secret of another environment",
            evidence: () => buildEvidence("aws:secretsmanager/secret:Secret", { name: "staging/firstlight/password" }),
        },
        {
            title: "a short name that ends as a shortened one does",
            evidence: () => buildEvidence("aws:sns/topic:Topic", { name: "firstlight-a1b2c3" }),
        },
    ],
    mustPass: [
        {
            title: "a name that begins with project and environment",
            evidence: () => buildEvidence("aws:dynamodb/table:Table", { name: "firstlight-dev-model-metadata" }),
        },
        {
            title: "a log group below a folder",
            evidence: () => buildEvidence("aws:cloudwatch/logGroup:LogGroup", { name: "/aws/lambda/firstlight-dev-inference" }),
        },
        {
            title: "a parameter below the environment's path",
            evidence: () => buildEvidence("aws:ssm/parameter:Parameter", { name: "/firstlight/dev/inference/switch" }),
        },
        {
            title: "a pull request with its suffix",
            evidence: () => buildEvidence("aws:sns/topic:Topic", { name: "firstlight-dev--pr4095-alerts" }, "pr4095"),
        },
        {
            title: "a bucket that has no room for the whole of it",
            evidence: () => buildNamed("aws:s3/bucket:Bucket", "bucket", ({ bucket }) => bucket("processed", "a1b2c3")),
        },
        {
            title: "a load balancer that has no room for the whole of it",
            evidence: () => buildNamed("aws:lb/loadBalancer:LoadBalancer", "name", ({ name }) => name("loadBalancer", "web")),
        },
        {
            title: "a database, which may not have the two hyphens",
            evidence: () => buildNamed("aws:rds/instance:Instance", "identifier", ({ name }) => name("database", "orders")),
        },
        {
            title: "a secret with its environment before its project",
            evidence: () => buildNamed("aws:secretsmanager/secret:Secret", "name", ({ secret }) => secret("password")),
        },
    ],
});

function namedResources({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter((resource) => resource.custom && nameOf(resource) !== undefined);
}

function nameOf({ type, inputs }: PlannedResource): string | undefined {
    const name = carriesEnvironment(type) ? inputs[namePropertyOf(type)] : undefined;
    return typeof name === "string" ? name : undefined;
}

function checkName(resource: PlannedResource, prefix: string, stack: string): Finding[] {
    const fault = findSharedName(resource.type, nameOf(resource) ?? "", prefix);
    return fault === undefined ? [] : [{ severity: "blocker", where: `${stack}/${resource.name}`, what: fault, urn: resource.urn }];
}

/** As the platform names it, for a pull request whose prefix has 37 characters, in a region of a long name. */
function buildNamed(type: string, property: string, nameIt: (naming: Naming) => string): Evidence {
    const suffix = "a-rather-long-suffix";
    const naming = createNaming(configOf(suffix), { accountId: "123456789012", region: "ap-southeast-4" });
    return buildEvidence(type, { [property]: nameIt(naming) }, suffix);
}

function buildEvidence(type: string, inputs: PlannedResource["inputs"], environmentSuffix?: string): Evidence {
    return { ...buildPlanEvidence({ type, name: "sample", inputs }), config: configOf(environmentSuffix) };
}

function configOf(environmentSuffix?: string): PlatformConfig {
    return parseConfig({ project: "firstlight", stack: "dev", environmentSuffix, values: { data: { label: "churned" } } });
}
