/** F36: every ARN names the partition, region and account that the stack is deployed to. */
import type { PlannedResource } from "../../engine/engine.ts";
import { ARN, findPlace, textOf } from "../planReading/place.ts";
import type { Place } from "../planReading/place.ts";
import { ROLE_POLICY } from "../planReading/policies.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

export const rule = defineRule({
    id: "F36",
    kind: "plan",
    needs: ["plan"],
    title: "No ARN names another partition, region or account",
    story: "Policies were written for one region and one account. The stack came up elsewhere without an error, and then nothing was "
        + "allowed: the ARNs still named the first region. In GovCloud and China the partition was wrong as well.",
    source: "field reports S0-S4",
    prevention: "ARNs are made by components/iam/arns.ts from what the account says; no region, partition or account stands in the code.",
    fix: "make the ARN from context.location (components/iam/arns.ts)",
    applies: ({ plan }) => findPlace(plan) !== undefined,
    check(evidence): CheckResult {
        const place = findPlace(evidence.plan);
        if (place === undefined) {
            return { findings: [], open: "no resource says where the stack is deployed" };
        }
        const findings = evidence.plan.resources.flatMap((resource) => findForeignArns(resource, place)
            .map((what): Finding => ({ severity: "blocker", where: `${evidence.stack}/${resource.name}`, what })));
        return { findings };
    },
    mustFind: [
        { title: "a literal region", evidence: () => buildEvidence("arn:aws:sqs:us-east-1:123456789012:letters") },
        { title: "a literal partition", evidence: () => buildEvidence("arn:aws-cn:sqs:eu-central-1:123456789012:letters") },
        { title: "another account", evidence: () => buildEvidence("arn:aws:sqs:eu-central-1:999999999999:letters") },
        {
            title: "another region in a permission's source",
            evidence: () => buildEvidence("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*/GET/health"),
        },
    ],
    mustPass: [
        { title: "the stack's own place", evidence: () => buildEvidence("arn:aws:sqs:eu-central-1:123456789012:letters") },
        { title: "what has no region", evidence: () => buildEvidence("arn:aws:iam::123456789012:role/worker") },
        { title: "what has neither region nor account", evidence: () => buildEvidence("arn:aws:s3:::bucket/*") },
        {
            title: "an image's registry, which is AWS's account",
            evidence: () => buildEvidence("arn:aws:ecr:eu-central-1:492215442770:repository/sagemaker-xgboost"),
        },
        { title: "an integration of Step Functions", evidence: () => buildEvidence("arn:aws:states:::lambda:invoke") },
        { title: "an invocation path, which begins with Lambda's version", evidence: () => buildEvidence(
            `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${WORKER}/invocations`) },
    ],
});

function findForeignArns(resource: PlannedResource, place: Place): readonly string[] {
    const wrong = [...textOf(resource).matchAll(ARN)].filter(([, partition, service, region, account]) => partition !== place.partition
        || (region !== "" && region !== place.region)
        // AWS keeps its images in accounts of its own, one a region.
        || (/^\d{12}$/.test(account ?? "") && account !== place.account && service !== "ecr"));
    return [...new Set(wrong.map(([arn]) => `names ${arn}, but the stack is in ${place.partition}, ${place.region}, ${place.account}`))];
}

const WORKER = "arn:aws:lambda:eu-central-1:123456789012:function:worker";

function buildEvidence(arn: string): Evidence {
    const home = ["arn:aws:sns:eu-central-1:123456789012:alerts", "arn:aws:states:eu-central-1:123456789012:stateMachine:training"];
    return buildPlanEvidence(
        { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "home", inputs: { alarmActions: home } },
        { type: ROLE_POLICY, name: "worker-policy", inputs: { policy: JSON.stringify({ Statement: [{ Resource: arn }] }) } },
    );
}
