/** F42: a state machine that waits for SageMaker jobs may tag them. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { findTasks, readDefinitions, STATE_MACHINE } from "../planReading/definitions.ts";
import type { DefinitionReading } from "../planReading/definitions.ts";
import { sourcesOf } from "../planReading/order.ts";
import { covers, readRolePolicies, ROLE, ROLE_POLICY } from "../planReading/policies.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Gap, Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const JOBS = [
    { action: "createTrainingJob", resource: "training-job/" },
    { action: "createTransformJob", resource: "transform-job/" },
    { action: "createHyperParameterTuningJob", resource: "hyper-parameter-tuning-job/" },
] as const;
const TAG = "sagemaker:AddTags";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

export const rule = defineRule({
    id: "F42",
    kind: "plan",
    needs: ["plan"],
    title: "The state machine's role may tag the jobs that it waits for",
    story: "AWS's own list of permissions for a .sync task leaves out sagemaker:AddTags, but Step Functions tags each job it starts. The "
        + "first run ended with AccessDenied at the training job, after the data had been prepared (aws-cdk issue 32294).",
    source: "https://github.com/aws/aws-cdk/issues/32294",
    prevention: "One permission set for the state machine, with the action and its reason in it.",
    fix: "allow sagemaker:AddTags on the jobs that the state machine makes, in its role's policy",
    applies: ({ plan }) => readDefinitions(plan).some(({ states }) => states === undefined || awaitedJobs({ states }).length > 0),
    check: (evidence) => checkEach(
        evidence, readDefinitions(evidence.plan).map((reading) => ({ ...reading, name: reading.resource.name, urn: reading.resource.urn })),
        (reading) => checkMachine(reading, evidence.plan),
    ),
    mustFind: [
        { title: "a role that may not tag at all", evidence: () => buildEvidence(["sagemaker:CreateTrainingJob"], ["*"]) },
        { title: "a role that may tag transform jobs only", evidence: () => buildEvidence([TAG], [`${ARNS}:transform-job/dev-*`]) },
        {
            title: "a role that may tag training jobs only, where a tuning job is awaited",
            evidence: () => buildEvidence([TAG], [`${ARNS}:training-job/dev-*`], "createHyperParameterTuningJob.sync"),
        },
    ],
    mustPass: [
        { title: "a role that may tag training jobs", evidence: () => buildEvidence([TAG], [`${ARNS}:training-job/dev-*`]) },
        { title: "a role that may tag whatever there is", evidence: () => buildEvidence(["sagemaker:*"], [`${ARNS}:*`]) },
        {
            title: "a role that may tag transform jobs, where one is awaited",
            evidence: () => buildEvidence([TAG], [`${ARNS}:transform-job/dev-*`], "createTransformJob.sync"),
        },
    ],
});

/** Jobs that the machine waits for: those are tagged. */
function awaitedJobs({ states = [] }: Pick<DefinitionReading, "states">): readonly typeof JOBS[number][] {
    return JOBS.filter(({ action }) => findTasks(states, action).some(({ fields }) => String(fields["Resource"]).includes(".sync")));
}

function checkMachine({ resource, states }: DefinitionReading, plan: Plan): readonly Remark[] {
    if (states === undefined) return [{ open: "its definition is not known before the deployment" }];
    const jobs = awaitedJobs({ states });
    if (jobs.length === 0) return [];
    const granted = readGranted(resource, plan);
    if ("open" in granted) return [granted];
    return jobs.filter((job) => !granted.resources.some((arn) => isFor(arn, job.resource))).map((job) => ({
        what: `its role may not ${TAG} on what ${job.action} makes`,
        fix: `allow ${TAG} on arn:<partition>:sagemaker:<region>:<account>:${job.resource}<name>-* in the role's policy`,
    }));
}

/** Resources on which the machine's role may add tags. */
function readGranted(machine: PlannedResource, plan: Plan): { readonly resources: readonly string[] } | Gap {
    const [role] = sourcesOf(machine, "roleArn", { plan, type: ROLE });
    if (role === undefined) return { open: "its role is not of this program" };
    const isOfRole = ({ propertyDependencies }: PlannedResource): boolean => (propertyDependencies["role"] ?? []).includes(role.urn);
    if (plan.resources.some((each) => each.type === ATTACHMENT && isOfRole(each)) || role.inputs["managedPolicyArns"] !== undefined) {
        return { open: `policies are attached to ${role.name} that are not read` };
    }
    const policies = readRolePolicies(plan).filter(({ resource }) => isOfRole(resource));
    const unknown = policies.find(({ statements }) => statements === undefined);
    if (unknown !== undefined) return { open: `${unknown.resource.name} is not known before the deployment` };
    const allowing = policies.flatMap(({ statements = [] }) => statements).filter(({ effect, actions, isInverted }) => (
        effect === "Allow" && !isInverted && actions.some((pattern) => covers(pattern, TAG))));
    return { resources: allowing.flatMap(({ resources }) => resources) };
}

/** Whether an ARN, or a pattern of ARNs, is for jobs of that kind, whatever their names. */
function isFor(arn: string, resource: string): boolean {
    const named = arn.split(":").slice(5).join(":");
    return arn === "*" || named.startsWith(resource) || covers(named, `${resource}any`);
}

const ARNS = "arn:aws:sagemaker:eu-central-1:123456789012";

function buildEvidence(actions: readonly string[], resources: readonly string[], action = "createTrainingJob.sync"): Evidence {
    const role = { type: ROLE, name: "pipeline-role" };
    const job = { Type: "Task", Resource: `arn:aws:states:::sagemaker:${action}`, End: true };
    const definition = JSON.stringify({ StartAt: "Job", States: { Job: job } });
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: resources }] });
    return buildPlanEvidence(
        role,
        { type: ROLE_POLICY, name: "pipeline-policy", propertyDependencies: { role: [urnOf(role)] }, inputs: { policy } },
        { type: STATE_MACHINE, name: "pipeline", propertyDependencies: { roleArn: [urnOf(role)] }, inputs: { definition } },
    );
}
