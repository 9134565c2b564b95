/** F42: a state machine that waits for SageMaker jobs may tag them. */
import type { Plan } from "../../engine/engine.ts";
import { findTasks, readDefinitions, STATE_MACHINE } from "../planReading/definitions.ts";
import type { DefinitionReading } from "../planReading/definitions.ts";
import { covers, readRolePolicies, ROLE_POLICY } from "../planReading/policies.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

const JOBS = [
    { action: "createTrainingJob", resource: "training-job/" },
    { action: "createTransformJob", resource: "transform-job/" },
] as const;
const TAG = "sagemaker:AddTags";

export const rule = defineRule({
    id: "F42",
    kind: "plan",
    needs: ["plan"],
    title: "The state machine's role may tag the jobs that it waits for",
    story: "AWS's own list of permissions for a .sync task leaves out sagemaker:AddTags, but Step Functions tags each job it starts. The "
        + "first run ended with AccessDenied at the training job, after the data had been prepared (aws-cdk issue 32294).",
    source: "https://github.com/aws/aws-cdk/issues/32294",
    prevention: "One permission set for the state machine, with the action and its reason in it.",
    fix: "allow sagemaker:AddTags on the training and transform jobs in the state machine's role",
    applies: ({ plan }) => readDefinitions(plan)
        .some(({ states = [] }) => JOBS.some(({ action }) => findTasks(states, action).length > 0)),
    check({ plan, stack }): CheckResult {
        const findings: Finding[] = [];
        for (const definition of readDefinitions(plan)) {
            const granted = readGranted(definition, plan);
            if (granted === undefined) {
                return { findings: [], open: `a policy of ${definition.resource.name} is not known before the deployment` };
            }
            const missing = JOBS.filter(({ action, resource }) => findTasks(definition.states ?? [], action).length > 0
                && !granted.some((arn) => arn === "*" || arn.includes(resource)));
            findings.push(...missing.map(({ action }): Finding => ({
                severity: "blocker", where: `${stack}/${definition.resource.name}`,
                what: `its role may not ${TAG} on what ${action} makes`,
            })));
        }
        return { findings };
    },
    mustFind: [
        { title: "a role that may not tag at all", evidence: () => buildEvidence(["sagemaker:CreateTrainingJob"], ["*"]) },
        {
            title: "a role that may tag transform jobs only",
            evidence: () => buildEvidence([TAG], ["arn:aws:sagemaker:eu-central-1:123456789012:transform-job/dev-*"]),
        },
    ],
    mustPass: [
        {
            title: "a role that may tag training jobs",
            evidence: () => buildEvidence([TAG], ["arn:aws:sagemaker:eu-central-1:123456789012:training-job/dev-*"]),
        },
    ],
});

/** Resources on which the machine's role may add tags; undefined when a policy is not known. */
function readGranted({ resource }: DefinitionReading, plan: Plan): readonly string[] | undefined {
    const roles = resource.propertyDependencies["roleArn"] ?? [];
    const policies = readRolePolicies(plan)
        .filter((policy) => (policy.resource.propertyDependencies["role"] ?? []).some((urn) => roles.includes(urn)));
    if (policies.some(({ statements }) => statements === undefined)) return undefined;
    return policies.flatMap(({ statements = [] }) => statements)
        .filter(({ effect, actions, isInverted }) => effect === "Allow" && !isInverted
        && actions.some((pattern) => covers(pattern, TAG))).flatMap(({ resources }) => resources);
}

function buildEvidence(actions: readonly string[], resources: readonly string[]): Evidence {
    const role = { type: "aws:iam/role:Role", name: "pipeline-role" };
    const train = { Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", End: true };
    const definition = JSON.stringify({ StartAt: "Train", States: { Train: train } });
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: resources }] });
    return buildPlanEvidence(
        role,
        { type: ROLE_POLICY, name: "pipeline-policy", propertyDependencies: { role: [urnOf(role)] }, inputs: { policy } },
        { type: STATE_MACHINE, name: "pipeline", propertyDependencies: { roleArn: [urnOf(role)] }, inputs: { definition } },
    );
}
