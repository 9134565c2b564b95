/** F05: a state machine that writes logs needs eight permissions of log delivery, before it is created. */
import type { PlannedResource } from "../../engine/engine.ts";
import { covers, readRolePolicies, ROLE_POLICY } from "../planReading/policies.ts";
import type { RolePolicyReading } from "../planReading/policies.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding, Having } from "../rule.ts";

const STATE_MACHINE = "aws:sfn/stateMachine:StateMachine";

/** All on Resource "*". https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const LOG_DELIVERY_ACTIONS = [
    "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
    "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
] as const;

export const rule = defineRule({
    id: "F05",
    kind: "plan",
    needs: ["plan"],
    title: "The state machine's role may deliver logs before the state machine exists",
    story: "Step Functions checks at creation whether the role may deliver logs. One of eight actions was missing, or the policy was attached after the "
        + "state machine: \"The state machine IAM Role is not authorized to access the Log Destination\".",
    source: "field report S0",
    prevention: "One permission set holds the eight actions, and the state machine depends on the policy that grants them.",
    fix: "grant the eight log-delivery actions on \"*\" to the state machine's role, in a policy that the state machine depends on",
    applies: (evidence) => stateMachinesOf(evidence).length > 0,
    check(evidence) {
        const findings: Finding[] = [];
        for (const stateMachine of stateMachinesOf(evidence)) {
            const result = checkStateMachine(stateMachine, evidence);
            if (result.open !== undefined) return result;
            findings.push(...result.findings);
        }
        return { findings };
    },
    mustFind: [
        ...LOG_DELIVERY_ACTIONS.map((missing) => ({ title: `a role without ${missing}`, evidence: () => buildEvidence({ actions: LOG_DELIVERY_ACTIONS.filter((action) => action !== missing) }) })),
        { title: "a destination that does not end with :*", evidence: () => buildEvidence({ destination: "arn:aws:logs:eu-central-1:123456789012:log-group:pipeline" }) },
        { title: "a state machine that does not wait for its policy", evidence: () => buildEvidence({ dependencies: [] }) },
        { title: "the actions on one log group only", evidence: () => buildEvidence({ resource: "arn:aws:logs:eu-central-1:123456789012:log-group:pipeline" }) },
    ],
    mustPass: [
        { title: "all eight actions, granted first", evidence: () => buildEvidence({}) },
        { title: "no logging at all", evidence: () => buildEvidence({ level: "OFF", actions: [] }) },
    ],
});

function stateMachinesOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === STATE_MACHINE);
}

interface LoggingConfiguration { readonly level?: unknown; readonly logDestination?: unknown }

function checkStateMachine(stateMachine: PlannedResource, evidence: Having<"plan">): CheckResult {
    const logging = (stateMachine.inputs["loggingConfiguration"] ?? {}) as LoggingConfiguration;
    if (logging.level === undefined || logging.level === "OFF") return { findings: [] };
    const policies = findPolicies(stateMachine, evidence);
    if (policies.some(({ statements }) => statements === undefined)) return { findings: [], open: `a policy of ${stateMachine.name} is not known before the deployment` };
    const where = `${evidence.stack}/${stateMachine.name}`;
    const missing = LOG_DELIVERY_ACTIONS.filter((action) => !policies.some((policy) => allowsEverywhere(policy, action)));
    const findings: Finding[] = [];
    if (missing.length > 0) findings.push({ severity: "blocker", where, what: `its role may not ${missing.join(", ")} on "*" before the state machine is created` });
    if (typeof logging.logDestination === "string" && !logging.logDestination.endsWith(":*")) {
        findings.push({ severity: "blocker", where, what: `logDestination must end with ":*", got ${logging.logDestination}`, fix: "append :* to the log group's ARN" });
    }
    return { findings };
}

/** Policies of the machine's role that are there before it. */
function findPolicies(stateMachine: PlannedResource, { plan }: Having<"plan">): readonly RolePolicyReading[] {
    const roles = new Set(stateMachine.propertyDependencies["roleArn"] ?? []);
    const all = readRolePolicies(plan);
    return all.filter(({ resource, roleUrns }) => stateMachine.dependencies.includes(resource.urn)
        && roleUrns.some((urn) => roles.has(urn)));
}

function allowsEverywhere({ statements = [] }: RolePolicyReading, action: string): boolean {
    return statements.some(({ effect, actions, resources, isInverted }) => effect === "Allow" && !isInverted
        && resources.includes("*") && actions.some((pattern) => covers(pattern, action)));
}

interface SampleArgs {
    readonly actions?: readonly string[];
    readonly destination?: string;
    readonly resource?: string;
    readonly level?: string;
    readonly dependencies?: readonly string[];
}

function buildEvidence(sample: SampleArgs): Evidence {
    const role = { type: "aws:iam/role:Role", name: "pipeline-role" };
    const policy = {
        type: ROLE_POLICY, name: "pipeline-policy", propertyDependencies: { role: [urnOf(role)] },
        inputs: { policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: sample.actions ?? LOG_DELIVERY_ACTIONS, Resource: sample.resource ?? "*" }] }) },
    };
    return buildPlanEvidence(role, policy, {
        type: STATE_MACHINE, name: "pipeline", dependencies: sample.dependencies ?? [urnOf(policy), urnOf(role)], propertyDependencies: { roleArn: [urnOf(role)] },
        inputs: { loggingConfiguration: { level: sample.level ?? "ALL", logDestination: sample.destination ?? "arn:aws:logs:eu-central-1:123456789012:log-group:pipeline:*" } },
    });
}
