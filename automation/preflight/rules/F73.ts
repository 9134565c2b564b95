/** F73: a role may do all that its resource does with it. */
import type { Plan } from "../../engine/engine.ts";
import { readRequirements } from "../iam/requiredActions.ts";
import type { RequiredAction, Requirement } from "../iam/requiredActions.ts";
import { STATE_MACHINE } from "../planReading/definitions.ts";
import { covers, readRolePolicies, ROLE, ROLE_POLICY } from "../planReading/policies.ts";
import type { Statement } from "../planReading/policies.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

export const rule = defineRule({
    id: "F73",
    kind: "plan",
    needs: ["plan"],
    title: "A role may do all that its resource does with it",
    story: "A state was added that calls a table, and its action was forgotten in the role; an event source's role lacked one of five actions. The "
        + "deployment was green or failed half-way, and each missing action cost another round: AccessDenied names only the first one.",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html",
    prevention: "Permission sets are written beside what needs them, and the rehearsal runs with IAM switched on.",
    fix: "allow the named actions in the role's policy",
    applies: ({ plan }) => readRequirements(plan).length > 0,
    check({ plan, stack }): CheckResult {
        const findings: Finding[] = [];
        const open: string[] = [];
        for (const requirement of readRequirements(plan)) {
            const { resource } = requirement;
            const statements = readStatements(requirement, plan);
            if (statements === undefined) open.push(resource.name);
            else {
                findings.push(...findMissing(requirement, statements).map(({ action, on, because }): Finding => ({
                    severity: "blocker", where: `${stack}/${resource.name}`, urn: resource.urn,
                    what: `its role may not ${action}${on === undefined ? "" : ` on ${on}`}: ${because}`,
                })));
            }
        }
        return { findings, ...(open.length === 0 ? {} : { open: `a policy of the role is not known before the deployment: ${open.join(", ")}` }) };
    },
    mustFind: [
        { title: "a state that calls a function the role may not", evidence: () => buildMachine([], INVOKE) },
        {
            title: "a state that calls another function than the role may",
            evidence: () => buildMachine(["lambda:InvokeFunction"], INVOKE, `${FUNCTION_ARN}-old`),
        },
        {
            title: "a role that may start a job and not hear of its end",
            evidence: () => buildMachine(["sagemaker:CreateTrainingJob"], TRAIN),
        },
        { title: "a state that hands over a role which may not be passed", evidence: () => buildMachine(["sagemaker:CreateModel"], MODEL) },
        { title: "a call through the SDK", evidence: () => buildMachine(["states:StartExecution"], DESCRIBE) },
        {
            title: "an event source that may not list the shards",
            evidence: () => buildSource(READ_STREAM.filter((action) => action !== "kinesis:ListShards")),
        },
        {
            title: "an encrypted stream whose key the role may not use",
            evidence: () => buildSource(READ_STREAM, "arn:aws:kms:eu-central-1:123456789012:key/1"),
        },
    ],
    mustPass: [
        { title: "a role that may call the function", evidence: () => buildMachine(["lambda:InvokeFunction"], INVOKE) },
        { title: "a role that may run the job", evidence: () => buildMachine(["sagemaker:*TrainingJob", "events:*"], TRAIN) },
        { title: "a call through the SDK that is allowed", evidence: () => buildMachine(["states:DescribeExecution"], DESCRIBE) },
        { title: "an event source with all five", evidence: () => buildSource(READ_STREAM) },
    ],
});

/** What the role's policies allow; undefined when the role is none of the plan's, or a policy is not known. */
function readStatements({ roles }: Requirement, plan: Plan): readonly Statement[] | undefined {
    const policies = readRolePolicies(plan).filter(({ resource }) => (resource.propertyDependencies["role"] ?? []).some((urn) => roles.includes(urn)));
    if (roles.length === 0 || policies.some(({ statements }) => statements === undefined)) return undefined;
    return policies.flatMap(({ statements = [] }) => statements).filter(({ effect }) => effect === "Allow");
}

function findMissing({ required }: Requirement, statements: readonly Statement[]): readonly RequiredAction[] {
    const missing = required.filter(({ action, on }) => !statements.some(({ actions, resources, isInverted }) => !isInverted
        && actions.some((pattern) => covers(pattern, action)) && (on === undefined || resources.some((resource) => covers(resource, on)))));
    return missing.filter((each, index) => missing.findIndex(({ action, on }) => action === each.action && on === each.on) === index);
}

const FUNCTION_ARN = "arn:aws:lambda:eu-central-1:123456789012:function:validate";
const INVOKE = { Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: FUNCTION_ARN } };
const TRAIN = { Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", Parameters: {} };
const MODEL = { Resource: "arn:aws:states:::sagemaker:createModel", Parameters: { ExecutionRoleArn: "arn:aws:iam::123456789012:role/serving" } };
const DESCRIBE = { Resource: "arn:aws-cn:states:::aws-sdk:sfn:describeExecution", Arguments: {} };
const READ_STREAM = ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"].map((verb) => `kinesis:${verb}`);

const SAMPLE_ROLE: SampleResource = { type: ROLE, name: "worker-role" };

function buildRolePolicy(actions: readonly string[], resource: string): SampleResource {
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: resource }] });
    return { type: ROLE_POLICY, name: "worker-policy", propertyDependencies: { role: [urnOf(SAMPLE_ROLE)] }, inputs: { policy } };
}

function buildMachine(actions: readonly string[], state: object, resource = "*"): Evidence {
    const definition = JSON.stringify({ StartAt: "Work", States: { Work: { Type: "Task", ...state, End: true } } });
    const machine = { type: STATE_MACHINE, name: "pipeline", propertyDependencies: { roleArn: [urnOf(SAMPLE_ROLE)] }, inputs: { definition } };
    return buildPlanEvidence(SAMPLE_ROLE, buildRolePolicy(actions, resource), machine);
}

function buildSource(actions: readonly string[], key?: string): Evidence {
    const stream: SampleResource = { type: "aws:kinesis/stream:Stream", name: "records", inputs: key === undefined ? {} : { kmsKeyId: key } };
    const worker: SampleResource = { type: "aws:lambda/function:Function", name: "worker", propertyDependencies: { role: [urnOf(SAMPLE_ROLE)] } };
    return buildPlanEvidence(SAMPLE_ROLE, buildRolePolicy(actions, "*"), stream, worker, {
        type: "aws:lambda/eventSourceMapping:EventSourceMapping", name: "consumer-source",
        inputs: { eventSourceArn: "arn:aws:kinesis:eu-central-1:123456789012:stream/records" },
        propertyDependencies: { functionName: [urnOf(worker)], eventSourceArn: [urnOf(stream)] },
    });
}
