/** F36: every ARN names the partition, region and account that the stack is deployed to. */
import type { PlannedResource } from "../../engine/engine.ts";
import { registryAccounts, XGBOOST_REPOSITORY } from "../../../components/facts/sagemakerImages.ts";
import { TASK_DEFINITION } from "../planReading/containers.ts";
import { ARN, findPlace, textOf } from "../planReading/place.ts";
import type { Place } from "../planReading/place.ts";
import { ROLE_POLICY } from "../planReading/policies.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

export const rule = defineRule({
    id: "F36",
    kind: "plan",
    needs: ["plan"],
    title: "No ARN or image names another partition, region or account",
    story: "Policies were written for one region and one account. The stack came up elsewhere without an error, and then nothing was "
        + "allowed: the ARNs still named the first region. In GovCloud and China the partition was wrong as well.",
    source: "field reports S0-S4",
    prevention: "ARNs are made by components/iam/arns.ts from what the account says; no region, partition or account stands in the code, "
        + "but for the table of SageMaker's images.",
    fix: "make the ARN from context.location (components/iam/arns.ts)",
    applies: ({ plan }) => findPlace(plan) !== undefined,
    check(evidence) {
        const place = findPlace(evidence.plan);
        if (place === undefined) return { findings: [], open: "no resource says where the stack is deployed" };
        return checkEach(evidence, evidence.plan.resources, (resource) => [
            ...findForeignArns(resource, place), ...findForeignImages(resource, place),
        ]);
    },
    mustFind: [
        { title: "a literal region", evidence: () => buildEvidence("arn:aws:sqs:us-east-1:123456789012:letters") },
        { title: "a literal partition", evidence: () => buildEvidence("arn:aws-cn:sqs:eu-central-1:123456789012:letters") },
        { title: "another account", evidence: () => buildEvidence("arn:aws:sqs:eu-central-1:999999999999:letters") },
        {
            title: "another region in a permission's source",
            evidence: () => buildEvidence("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*/GET/health"),
        },
        {
            title: "an image of another region",
            evidence: () => buildEvidence(`683313688378.dkr.ecr.us-east-1.amazonaws.com/${XGBOOST_REPOSITORY}:3.0-5`),
        },
        {
            title: "the account of another region's images",
            evidence: () => buildEvidence(`683313688378.dkr.ecr.eu-central-1.amazonaws.com/${XGBOOST_REPOSITORY}:3.0-5`),
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
        {
            title: "SageMaker's image of the region",
            evidence: () => buildEvidence(`492215442770.dkr.ecr.eu-central-1.amazonaws.com/${XGBOOST_REPOSITORY}:3.0-5`),
        },
        {
            title: "a layer, which others share",
            evidence: () => buildEvidence("arn:aws:lambda:eu-central-1:580247275435:layer:LambdaInsightsExtension:38"),
        },
        { title: "an integration of Step Functions", evidence: () => buildEvidence("arn:aws:states:::lambda:invoke") },
        { title: "an invocation path, which begins with Lambda's version", evidence: () => buildEvidence(
            `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${WORKER}/invocations`) },
    ],
});

function findForeignArns(resource: PlannedResource, place: Place): readonly Remark[] {
    const wrong = [...textOf(resource).matchAll(ARN)].filter(([arn, partition, service, region, account]) => partition !== place.partition
        || (region !== "" && region !== place.region)
        || (/^\d{12}$/.test(account ?? "") && account !== place.account && !isShared(arn, service)));
    return [...new Set(wrong.map(([arn]) => arn))].map((arn) => ({
        what: `names ${arn}, but the stack is in ${place.partition}, ${place.region}, ${place.account}`,
    }));
}

/** AWS keeps its images in accounts of its own, one a region; layers of others are taken as they are. */
function isShared(arn: string, service: string | undefined): boolean {
    return service === "ecr" || (service === "lambda" && arn.includes(":layer:"));
}

/**
 * SageMaker and Lambda pull images within a region; containers of ECS may come from afar.
 * https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html
 */
function findForeignImages(resource: PlannedResource, { region: home }: Place): readonly Remark[] {
    const images = resource.type === TASK_DEFINITION ? [] : [...textOf(resource).matchAll(IMAGE)];
    return [...new Map(images.map((match) => [match[0], match])).values()].flatMap(([image, account, region, name]) => {
        if (region !== home) return [{ what: `names the image ${image} of ${region}, but the stack is in ${home}`, fix: IMAGE_FIX }];
        const owner = registryAccounts[home];
        if (name !== XGBOOST_REPOSITORY || owner === undefined || owner === account) return [];
        return [{ what: `names the image ${image}, but in ${home} SageMaker's images are of account ${owner}`, fix: IMAGE_FIX }];
    });
}

/** Account, region and repository of an image in ECR. */
const IMAGE = /(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9._/-]+)[^"\s,\]]*/g;
const IMAGE_FIX = "make it by buildImageUri (components/facts/sagemakerImages.ts) from the stack's region";

const WORKER = "arn:aws:lambda:eu-central-1:123456789012:function:worker";

function buildEvidence(arn: string): Evidence {
    const home = ["arn:aws:sns:eu-central-1:123456789012:alerts", "arn:aws:states:eu-central-1:123456789012:stateMachine:training"];
    return buildPlanEvidence(
        { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "home", inputs: { alarmActions: home } },
        { type: ROLE_POLICY, name: "worker-policy", inputs: { policy: JSON.stringify({ Statement: [{ Resource: arn }] }) } },
    );
}
