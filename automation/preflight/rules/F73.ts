/** F73: a role may do all that its resource does with it. */
import type { Plan } from "../../engine/engine.ts";
import { findActions } from "../iam/actionFacts.ts";
import { isAllowed } from "../iam/allowance.ts";
import type { RequiredAction } from "../iam/allowance.ts";
import { canHold } from "../iam/conditions.ts";
import { readRequirements, worksWithRoles } from "../iam/requiredActions.ts";
import type { Requirement } from "../iam/requiredActions.ts";
import { STATE_MACHINE } from "../planReading/definitions.ts";
import { findPlace } from "../planReading/place.ts";
import { covers, parseStatements, readRolePolicies, ROLE, ROLE_POLICY } from "../planReading/policies.ts";
import type { RolePolicyReading, Statement } from "../planReading/policies.ts";
import { POLICY, ATTACHMENT } from "../planReading/policyPlaces.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

export const rule = defineRule({
    id: "F73",
    kind: "plan",
    needs: ["plan"],
    title: "A role may do all that its resource does with it",
    story: "A state was added that calls a table, and its action was forgotten in the role; an event source's role lacked one of five "
        + "actions. The deployment was green or failed half-way, and each missing action cost another round: AccessDenied names only the "
        + "first one.",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html",
    prevention: "Permission sets are written beside what needs them, and the rehearsal runs with IAM switched on.",
    fix: "allow the named actions in the role's policy, under conditions that the request fulfils, and let the role trust its service",
    applies: ({ plan }) => worksWithRoles(plan),
    async check({ plan, stack }): Promise<CheckResult> {
        const findings: Finding[] = [];
        const open: string[] = [];
        const place = findPlace(plan);
        const policies = readRolePolicies(plan);
        for (const requirement of readRequirements(plan, place)) {
            const { resource: { name, urn } } = requirement;
            const statements = readStatements(requirement, policies);
            const problems = [...findDistrust(requirement, plan, place?.account), ...await findMissing(requirement, statements ?? [])];
            if (statements === undefined) open.push(name);
            else findings.push(...problems.map((what): Finding => ({ severity: "blocker", where: `${stack}/${name}`, urn, what })));
        }
        return { findings, ...(open.length === 0 ? {} : { open: `a policy of the role is not known before the deployment: ${open.join(", ")}` }) };
    },
    mustFind: [
        { title: "a state that calls a function the role may not", evidence: () => buildMachine([], INVOKE) },
        {
            title: "a state that calls another function than the role may",
            evidence: () => buildMachine(["lambda:InvokeFunction"], INVOKE, { Resource: `${FUNCTION_ARN}-old` }),
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
        {
            title: "a role that may hand over its role to another service",
            evidence: () => buildMachine(["sagemaker:CreateModel", "iam:PassRole"], MODEL, {
                Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
            }),
        },
        {
            title: "a role that may hear of other jobs",
            evidence: () => buildMachine(["sagemaker:*TrainingJob", "events:*"], TRAIN, {
                Resource: ["arn:aws:sagemaker:eu-central-1:123456789012:*", "arn:aws:events:eu-central-1:123456789012:rule/Other"],
            }),
        },
        {
            title: "a role that may run jobs of another stack",
            evidence: () => buildMachine(["sagemaker:*TrainingJob"], NAMED, { Resource: `${TRAINING_JOBS}/prod-*` }),
        },
        {
            title: "a function that a deny keeps out",
            evidence: () => buildPlanEvidence(SAMPLE_ROLE, buildRolePolicy(["lambda:InvokeFunction"]), {
                ...buildRolePolicy(["lambda:*"], { Effect: "Deny" }), name: "deny-policy",
            }, machineOf(INVOKE)),
        },
        {
            title: "a permission under a condition that no service fulfils",
            evidence: () => buildMachine(["lambda:InvokeFunction"], INVOKE, { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
        },
        { title: "a state that names its function alone", evidence: () => buildMachine([], { Resource: FUNCTION_ARN }) },
        {
            title: "a map that may not start its executions",
            evidence: () => buildMachine([], { Type: "Map", ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED" }, States: {} } }),
        },
        { title: "a role that trusts another service", evidence: () => buildFunction(LOG_ACTIONS, { trusted: "states.amazonaws.com" }) },
        {
            title: "a role that trusts the service for another account",
            evidence: () => buildFunction(LOG_ACTIONS, { condition: { StringEquals: { "aws:SourceAccount": "210987654321" } } }),
        },
        { title: "a function that may not write its log", evidence: () => buildFunction(["logs:CreateLogStream"]) },
        {
            title: "a function in a network whose interfaces its role may not make",
            evidence: () => buildFunction(LOG_ACTIONS, { inputs: { vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: [] } } }),
        },
    ],
    mustPass: [
        { title: "a function that may write its log", evidence: () => buildFunction(LOG_ACTIONS) },
        {
            title: "a function in a network whose interfaces its role may make",
            evidence: () => buildFunction([...LOG_ACTIONS, "ec2:*"], { inputs: { vpcConfig: { subnetIds: ["subnet-1"] } } }),
        },
        {
            title: "a permission in a managed policy of this program",
            evidence: () => buildPlanEvidence(SAMPLE_ROLE, { ...buildRolePolicy(["lambda:InvokeFunction"]), type: POLICY }, {
                type: ATTACHMENT, name: "worker-attachment", inputs: { policyArn: "<arn of worker-policy>" },
                propertyDependencies: { role: [urnOf(SAMPLE_ROLE)], policyArn: [urnOf({ type: POLICY, name: "worker-policy" })] },
            }, machineOf(INVOKE)),
        },
        {
            title: "jobs of this stack's names",
            evidence: () => buildMachine(["sagemaker:*TrainingJob"], NAMED, { Resource: `${TRAINING_JOBS}/dev-????-a-*` }),
        },
        {
            title: "a call whose action has a name that is not known",
            evidence: () => buildMachine([], { Resource: "arn:aws:states:::dynamodb:transactWriteItems" }),
        },
        {
            title: "a deny under a condition, which may be for others",
            evidence: () => buildPlanEvidence(SAMPLE_ROLE, buildRolePolicy(["lambda:InvokeFunction"]), {
                ...buildRolePolicy(["lambda:*"], { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }), name: "deny-policy",
            }, machineOf(INVOKE)),
        },
        { title: "a role that may call the function", evidence: () => buildMachine(["lambda:InvokeFunction"], INVOKE) },
        { title: "a role that may run the job", evidence: () => buildMachine(["sagemaker:*TrainingJob", "events:*"], TRAIN) },
        { title: "a call through the SDK that is allowed", evidence: () => buildMachine(["states:DescribeExecution"], DESCRIBE) },
        { title: "an event source with all five", evidence: () => buildSource(READ_STREAM) },
    ],
});

/** What the role's policies say; undefined when the role is none of the plan's, or a policy is not known. */
function readStatements({ roles }: Requirement, all: readonly RolePolicyReading[]): readonly Statement[] | undefined {
    const policies = all.filter(({ roleUrns }) => roleUrns.some((urn) => roles.includes(urn)));
    if (roles.length === 0 || policies.some(({ statements }) => statements === undefined)) return undefined;
    return policies.flatMap(({ statements = [] }) => statements);
}

/** A role whose trust does not name the service, or names it under a condition that is never fulfilled. */
function findDistrust({ roles, service }: Requirement, plan: Plan, account: string | undefined): readonly string[] {
    const context = account === undefined ? {} : { "aws:sourceaccount": [account] };
    return plan.resources.filter(({ urn, type }) => type === ROLE && roles.includes(urn)).flatMap(({ name, inputs }) => {
        const trust = parseStatements(inputs["assumeRolePolicy"]);
        const isTrusted = trust?.some(({ effect, actions, services, conditions }) => effect === "Allow" && canHold(conditions, context)
            && actions.some((action) => covers(action, "sts:AssumeRole")) && services.some((each) => each.startsWith(`${service}.`)));
        return trust === undefined || isTrusted === true ? [] : [`${name} does not let ${service} take it on`];
    });
}

/** What is done under a name that IAM does not know is none of its actions. */
async function findMissing({ required }: Requirement, statements: readonly Statement[]): Promise<readonly string[]> {
    const missing: RequiredAction[] = [];
    for (const each of required) {
        if (!isAllowed(each, statements) && (await findActions(each.action)).length > 0) missing.push(each);
    }
    return [...new Set(missing.map(describe))];
}

function describe({ action, on, because }: RequiredAction): string {
    return `its role may not ${action}${on === undefined ? "" : ` on ${on.replaceAll(/\$\{\w+\}/g, "*")}`}: ${because}`;
}

const FUNCTION_ARN = "arn:aws:lambda:eu-central-1:123456789012:function:validate";
const INVOKE = { Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: FUNCTION_ARN } };
const TRAIN = { Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", Parameters: {} };
const MODEL = { Resource: "arn:aws:states:::sagemaker:createModel", Parameters: { ExecutionRoleArn: "arn:aws:iam::123456789012:role/serving" } };
const DESCRIBE = { Resource: "arn:aws-cn:states:::aws-sdk:sfn:describeExecution", Arguments: {} };
const READ_STREAM = ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"].map((verb) => `kinesis:${verb}`);

const LOG_ACTIONS = ["logs:CreateLogStream", "logs:PutLogEvents"];
const TRAINING_JOBS = "arn:aws:sagemaker:eu-central-1:123456789012:training-job";
const NAMED = {
    Resource: "arn:aws:states:::sagemaker:createTrainingJob",
    Parameters: { "TrainingJobName.$": "States.Format('dev-{}-{}', $.runId, $.letter)" },
};

const SAMPLE_ROLE: SampleResource = { type: ROLE, name: "worker-role" };

function buildRolePolicy(actions: readonly string[], changes: object = {}): SampleResource {
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: "*", ...changes }] });
    return { type: ROLE_POLICY, name: "worker-policy", propertyDependencies: { role: [urnOf(SAMPLE_ROLE)] }, inputs: { policy } };
}

/** With a log group, whose ARN says where it is. */
function machineOf(state: object): SampleResource {
    const definition = JSON.stringify({ StartAt: "Work", States: { Work: { Type: "Task", ...state, End: true } } });
    const loggingConfiguration = { logDestination: "arn:aws:logs:eu-central-1:123456789012:log-group:pipeline:*" };
    return {
        type: STATE_MACHINE, name: "pipeline", propertyDependencies: { roleArn: [urnOf(SAMPLE_ROLE)] },
        inputs: { definition, loggingConfiguration },
    };
}

function buildMachine(actions: readonly string[], state: object, changes: object = {}): Evidence {
    return buildPlanEvidence(SAMPLE_ROLE, buildRolePolicy(actions, changes), machineOf(state));
}

interface FunctionArgs { readonly trusted?: string; readonly condition?: object; readonly inputs?: SampleResource["inputs"] }

function buildFunction(actions: readonly string[], { trusted = "lambda.amazonaws.com", condition = {}, inputs = {} }: FunctionArgs = {}): Evidence {
    const statement = { Effect: "Allow", Principal: { Service: trusted }, Action: "sts:AssumeRole", Condition: condition };
    const role: SampleResource = { ...SAMPLE_ROLE, inputs: { assumeRolePolicy: JSON.stringify({ Statement: [statement] }) } };
    return buildPlanEvidence(role, buildRolePolicy(actions), {
        type: "aws:lambda/function:Function", name: "worker", propertyDependencies: { role: [urnOf(role)] },
        inputs: { name: "worker", role: "arn:aws:lambda:eu-central-1:123456789012:role/worker", ...inputs },
    });
}

function buildSource(actions: readonly string[], key?: string): Evidence {
    const stream: SampleResource = {
        type: "aws:kinesis/stream:Stream", name: "records", inputs: key === undefined ? {} : { kmsKeyId: key },
    };
    const worker: SampleResource = {
        type: "aws:lambda/function:Function", name: "worker", propertyDependencies: { role: [urnOf(SAMPLE_ROLE)] },
    };
    return buildPlanEvidence(SAMPLE_ROLE, buildRolePolicy(actions), stream, worker, {
        type: "aws:lambda/eventSourceMapping:EventSourceMapping", name: "consumer-source",
        inputs: { eventSourceArn: "arn:aws:kinesis:eu-central-1:123456789012:stream/records" },
        propertyDependencies: { functionName: [urnOf(worker)], eventSourceArn: [urnOf(stream)] },
    });
}
