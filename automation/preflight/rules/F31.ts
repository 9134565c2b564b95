/** F31: names are as their services take them. */
import { findRefusedName, namePropertyOf, nameRuleOf } from "../../../components/resourceNames.ts";
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { SUFFIX } from "../gathering/knownIds.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const REPOSITORY = "aws:ecr/repository:Repository";

export const rule = defineRule({
    id: "F31",
    kind: "plan",
    needs: ["plan"],
    title: "Names have the length and the letters that their services take",
    story: "The repository of images was named after the stack, TapStack-dev. ECR takes small letters only: InvalidParameterException, "
        + "and with the repository everything failed that waited for it.",
    source: "field report S3",
    prevention: "All names come from one function, which keeps to the length and the letters of each service (components/naming.ts), and "
        + "the program refuses any other name while it declares it (components/nameGuard.ts).",
    fix: "make the name by context.naming, or write it as the service takes it (components/facts/nameRules.ts)",
    applies: ({ plan }) => namedResources(plan).length > 0,
    check: (evidence) => checkEach(evidence, namedResources(evidence.plan), findNameFaults),
    mustFind: [
        { title: "a repository with capital letters", evidence: () => buildEvidence(REPOSITORY, { name: "TapStack-X" }) },
        { title: "a repository with two different separators in a row", evidence: () => buildEvidence(REPOSITORY, { name: "a-_b" }) },
        { title: "a repository with a separator at its end", evidence: () => buildEvidence(REPOSITORY, { name: "letters/" }) },
        { title: "a repository of a single letter", evidence: () => buildEvidence(REPOSITORY, { name: "a" }) },
        { title: "a repository that Pulumi names after capital letters", evidence: () => buildEvidence(REPOSITORY, {}, "Letters") },
        {
            title: "a load balancer of 33 characters",
            evidence: () => buildEvidence("aws:lb/loadBalancer:LoadBalancer", { name: "l".repeat(33) }),
        },
        {
            title: "a database with two hyphens in a row",
            evidence: () => buildEvidence("aws:rds/instance:Instance", { identifier: "firstlight-dev--pr4095-orders" }),
        },
        {
            title: "a secret with a blank",
            evidence: () => buildEvidence("aws:secretsmanager/secret:Secret", { name: "dev/firstlight/the password" }),
        },
        { title: "a bucket with an underscore", evidence: () => buildEvidence("aws:s3/bucket:Bucket", { bucket: "raw_data-<hex6>" }) },
    ],
    mustPass: [
        { title: "a repository in small letters", evidence: () => buildEvidence(REPOSITORY, { name: "tapstack-x" }) },
        {
            title: "a repository with folders and several hyphens",
            evidence: () => buildEvidence(REPOSITORY, { name: "firstlight/dev--pr4095/letters_v2.0" }),
        },
        { title: "a repository that Pulumi names", evidence: () => buildEvidence(REPOSITORY, {}, "letters") },
        {
            title: "a load balancer of 32 characters",
            evidence: () => buildEvidence("aws:lb/loadBalancer:LoadBalancer", { name: "l".repeat(32) }),
        },
        {
            title: "a bucket whose random part is not known yet",
            evidence: () => buildEvidence("aws:s3/bucket:Bucket", { bucket: "firstlight-dev-raw-123456789012-eu-central-1-<hex6>" }),
        },
    ],
});

/** Only what is made: what is read has its name already. Repositories without a name are named after their resource. */
function namedResources({ resources }: Plan): readonly PlannedResource[] {
    return resources.filter(({ type, operation, inputs }) => operation !== "read" && nameRuleOf(type) !== undefined
        && (type === REPOSITORY || inputs[namePropertyOf(type)] !== undefined));
}

function findNameFaults({ type, name: resourceName, inputs }: PlannedResource): readonly Remark[] {
    const given = inputs[namePropertyOf(type)];
    // Pulumi takes the name of the resource, and adds a hyphen and seven hexadecimal characters.
    const name = given === undefined ? `${resourceName}-0123456` : typeof given === "string" ? given.replaceAll(SUFFIX, "000000") : given;
    if (typeof name !== "string" || isUnknown(name)) return [{ open: "its name is not known before the deployment" }];
    const what = findRefusedName(type, name);
    if (what === undefined) return [];
    const better = (given === undefined ? resourceName : name).toLowerCase();
    const isBetter = findRefusedName(type, given === undefined ? `${better}-0123456` : better) === undefined;
    return [isBetter ? { what, fix: `write ${JSON.stringify(better)}` } : { what }];
}

function buildEvidence(type: string, inputs: PropertyMap, resourceName = "sample"): Evidence {
    return buildPlanEvidence({ type, name: resourceName, inputs });
}
