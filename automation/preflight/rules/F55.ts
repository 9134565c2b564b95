/** F55: what IAM keeps once for all regions has the region in its name. */
import type { PlannedResource } from "../../engine/engine.ts";
import { findPlace } from "../planReading/place.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const GLOBAL = ["aws:iam/role:Role", "aws:iam/policy:Policy", "aws:iam/instanceProfile:InstanceProfile"];

export const rule = defineRule({
    id: "F55",
    kind: "plan",
    needs: ["plan"],
    title: "Names in IAM carry the region",
    story: "The same stack was deployed into a second region. Everything there is of that region but IAM: the roles of the first had the "
        + "names already, and the deployment ended with EntityAlreadyExists, or took over roles that the first one used.",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
    prevention: "Names of roles come from context.naming.role, which ends each with the region.",
    fix: "make the name by context.naming.role, or leave it out so that the engine makes one that nobody else has",
    applies: (evidence) => namedEntities(evidence).length > 0,
    check(evidence) {
        const region = findPlace(evidence.plan)?.region;
        return checkEach(evidence, namedEntities(evidence), ({ name: resourceName, inputs: { name } }): readonly Remark[] => {
            if (isUnknown(name)) return [{ open: "its name is not known before the deployment" }];
            if (region === undefined) return [{ open: "no resource says in which region the stack is" }];
            if (String(name).includes(region) || isMadeByEngine(String(name), resourceName)) return [];
            return [{ severity: "warning", what: `its name ${String(name)} is without ${region}, so a second region could not have it` }];
        });
    },
    mustFind: [
        {
            title: "a role that is called the same in every region",
            evidence: () => buildEvidence("aws:iam/role:Role", "firstlight-dev-serving"),
        },
        {
            title: "a role with the name of another region",
            evidence: () => buildEvidence("aws:iam/role:Role", "firstlight-dev-serving-us-east-1"),
        },
        { title: "a policy without the region", evidence: () => buildEvidence("aws:iam/policy:Policy", "firstlight-dev-reads") },
    ],
    mustPass: [
        { title: "a role with its region", evidence: () => buildEvidence("aws:iam/role:Role", "firstlight-dev-serving-eu-central-1") },
        { title: "a role that the engine has named", evidence: () => buildEvidence("aws:iam/role:Role", "sample-0a1b2c3") },
    ],
});

function namedEntities({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type, inputs }) => GLOBAL.includes(type) && inputs["name"] !== undefined);
}

/** The engine ends a name that it makes with seven random characters. */
function isMadeByEngine(name: string, resourceName: string): boolean {
    return name.startsWith(`${resourceName}-`) && /^[0-9a-f]{7}$/.test(name.slice(resourceName.length + 1));
}

function buildEvidence(type: string, name: string): Evidence {
    const alarmActions = ["arn:aws:sns:eu-central-1:123456789012:alerts"];
    return buildPlanEvidence(
        { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "errors", inputs: { alarmActions } },
        { type, name: "sample", inputs: { name } },
    );
}
