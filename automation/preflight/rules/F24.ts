/** F24: containers log into groups that are there. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { answerOf } from "../account/answerOf.ts";
import { findServicesOf, findTaskDefinitions, nameOf, readContainers, TASK_DEFINITION } from "../planReading/containers.ts";
import type { ContainerFields } from "../planReading/containers.ts";
import { ancestorsOf, sourcesOf } from "../planReading/order.ts";
import { findPlace } from "../planReading/place.ts";
import { covers, readRolePolicies, ROLE, ROLE_POLICY } from "../planReading/policies.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown, readStandIn } from "../planReading/values.ts";
import { buildAccount, buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

export const rule = defineRule({
    id: "F24",
    kind: "plan",
    needs: ["plan"],
    title: "Containers log into groups that are there before them",
    story: "The container named a log group that nobody made. ECS makes none, and the execution role's managed policy may not: every task "
        + "stopped with \"failed to create Cloudwatch log stream\", and the service started new ones until somebody looked.",
    source: "field reports S0-S4",
    fix: "give awslogs-group the name of the component's log group and awslogs-region its region, and let the task definition depend on it",
    applies: ({ plan }) => findTaskDefinitions(plan).length > 0,
    check: (evidence) => checkEach(evidence, findTaskDefinitions(evidence.plan), async (task) => {
        const containers = readContainers(task);
        if (containers === undefined) return [{ open: "its containers are not known before the deployment" }];
        const remarks = await Promise.all(containers.map((container) => lookAtContainer(container, task, evidence)));
        return remarks.flat();
    }),
    mustFind: [
        { title: "a group that nobody makes", evidence: () => buildEvidence({ "awslogs-group": "/firstlight/dev/letter" }) },
        {
            title: "a group that is not in the account either",
            evidence: () => buildEvidence({ "awslogs-group": "/firstlight/dev/letter" }, { exists: false }),
        },
        { title: "another region", evidence: () => buildEvidence({ "awslogs-region": "us-east-1" }) },
        { title: "no region", evidence: () => buildEvidence({ "awslogs-region": undefined }) },
        { title: "no prefix on Fargate", evidence: () => buildEvidence({ "awslogs-stream-prefix": undefined }) },
        { title: "a task that does not wait for its group", evidence: () => buildEvidence({}, { waits: false }) },
        {
            title: "a group that the task is to make, and may not",
            evidence: () => buildEvidence({ "awslogs-group": "/own", "awslogs-create-group": "true" }),
        },
    ],
    mustPass: [
        { title: "the component's own group", evidence: () => buildEvidence({}) },
        { title: "a group that is in the account", evidence: () => buildEvidence({ "awslogs-group": "/shared" }, { exists: true }) },
        {
            title: "a group that the task makes, and may",
            evidence: () => buildEvidence({ "awslogs-group": "/own", "awslogs-create-group": "true" }, { action: "logs:Create*" }),
        },
    ],
});

interface LogConfiguration { readonly logDriver?: unknown; readonly options?: Readonly<Record<string, unknown>> }

async function lookAtContainer(container: ContainerFields, task: PlannedResource, evidence: Having<"plan">): Promise<readonly Remark[]> {
    const { logDriver, options = {} } = (container["logConfiguration"] ?? {}) as LogConfiguration;
    if (logDriver !== "awslogs") return [];
    const who = nameOf(container);
    const missing = requiredOf(task).filter((option) => !options[option]);
    if (missing.length > 0) return [{ what: `${who} does not say ${missing.join(", ")}` }];
    const [name, region] = [String(options["awslogs-group"]), String(options["awslogs-region"])];
    const group = findGroup(name, task, evidence.plan);
    if (group !== undefined) {
        const expected = group.inputs["region"] ?? findPlace(evidence.plan)?.region ?? evidence.account?.region;
        return [...findOrderFaults(task, group, evidence.plan), ...findRegionFaults(who, region, expected)];
    }
    if (isUnknown(name)) return [{ open: `the log group of ${who} is not known before the deployment` }];
    if (options["awslogs-create-group"] === "true") return findRightFaults(who, task, evidence.plan);
    return askForGroup({ who, name, region }, evidence);
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html, read on 2026-11-21 */
function requiredOf({ inputs: { requiresCompatibilities } }: PlannedResource): readonly string[] {
    const isFargate = Array.isArray(requiresCompatibilities) && requiresCompatibilities.includes("FARGATE");
    return ["awslogs-group", "awslogs-region", ...(isFargate ? ["awslogs-stream-prefix"] : [])];
}

function findGroup(name: string, task: PlannedResource, plan: Plan): PlannedResource | undefined {
    const standIn = readStandIn(name);
    const groups = plan.resources.filter(({ type }) => type === LOG_GROUP);
    return groups.find((group) => group.inputs["name"] === name || group.name === standIn)
        // The name may have been chosen by Pulumi; then the reference tells.
        ?? (isUnknown(name) ? sourcesOf(task, "containerDefinitions", { plan, type: LOG_GROUP })[0] : undefined);
}

/** What starts tasks has to wait: the services, or where there are none, at least the definition. */
function findOrderFaults(task: PlannedResource, group: PlannedResource, plan: Plan): readonly Remark[] {
    const services = findServicesOf(task, plan);
    const hasty = (services.length === 0 ? [task] : services).filter((each) => !ancestorsOf(each, plan).has(group.urn));
    return hasty.map(({ name }) => ({ what: `${name} does not wait for the log group ${group.name}` }));
}

function findRegionFaults(who: string, region: string, expected: unknown): readonly Remark[] {
    if (typeof expected !== "string" || isUnknown(region) || isUnknown(expected)) return [{ open: "the stack's region is not known" }];
    return region === expected ? [] : [{ what: `${who} logs into ${region}, and its log group is in ${expected}` }];
}

/** The managed policy for execution roles may not make log groups. */
function findRightFaults(who: string, task: PlannedResource, plan: Plan): readonly Remark[] {
    const roles = sourcesOf(task, "executionRoleArn", { plan, type: ROLE });
    const isOfRole = (each: PlannedResource): boolean => sourcesOf(each, "role", { plan, type: ROLE }).some((role) => roles.includes(role));
    const policies = readRolePolicies(plan).filter(({ resource }) => isOfRole(resource));
    const foreign = plan.resources.filter((each) => each.type === ATTACHMENT && isOfRole(each)
        && !String(each.inputs["policyArn"]).endsWith("/AmazonECSTaskExecutionRolePolicy"));
    const mayCreate = policies.some(({ statements = [] }) => statements.some(({ effect, actions, isInverted }) => (
        effect === "Allow" && !isInverted && actions.some((pattern) => covers(pattern, "logs:CreateLogGroup")))));
    if (mayCreate) return [];
    if (roles.length === 0 || foreign.length > 0 || policies.some(({ statements }) => statements === undefined)) {
        return [{ open: `what the execution role of ${who} may do is not known before the deployment` }];
    }
    return [{ what: `${who} is to make its log group, and its execution role may not (logs:CreateLogGroup)` }];
}

interface NamedLog { readonly who: string; readonly name: string; readonly region: string }

async function askForGroup(log: NamedLog, { account }: Evidence): Promise<readonly Remark[]> {
    const what = `${log.who} logs into ${log.name}, and this program makes no such log group`;
    if (account === undefined) return [{ severity: "warning", what }];
    if (log.region !== account.region) return [{ open: `whether ${log.region} has a log group ${log.name} is not known` }];
    const answered = await answerOf(account.existing({ type: LOG_GROUP, inputs: { name: log.name } }));
    if ("unanswered" in answered) return [{ severity: "warning", what }, { open: answered.unanswered }];
    return answered.answer === undefined ? [{ what: `${what}; there is none in ${log.region} either` }] : [];
}

interface Around {
    /** Whether the account has the group; without it nobody is asked. */
    readonly exists?: boolean;
    /** @default true */
    readonly waits?: boolean;
    /** What the execution role may do. */
    readonly action?: string;
}

function buildEvidence(options: Readonly<Record<string, string | undefined>>, around: Around = {}): Evidence {
    const { exists, waits = true, action = "logs:PutLogEvents" } = around;
    const logs: SampleResource = { type: LOG_GROUP, name: "letters-logs", inputs: { name: "/firstlight/dev/letters" } };
    const role: SampleResource = { type: ROLE, name: "execution-role" };
    const logGroups = "arn:aws:logs:eu-central-1:123456789012:log-group:*";
    const document = JSON.stringify({ Statement: [{ Effect: "Allow", Action: action, Resource: logGroups }] });
    const given = { "awslogs-group": "/firstlight/dev/letters", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "app" };
    const containers = [{ name: "app", image: "letters", logConfiguration: { logDriver: "awslogs", options: { ...given, ...options } } }];
    const task: SampleResource = {
        type: TASK_DEFINITION, name: "letters", dependencies: waits ? [urnOf(logs)] : [],
        inputs: { family: "letters", requiresCompatibilities: ["FARGATE"], containerDefinitions: JSON.stringify(containers) },
        propertyDependencies: { executionRoleArn: [urnOf(role)] },
    };
    const evidence = buildPlanEvidence(logs, role,
        { type: ROLE_POLICY, name: "execution-policy", inputs: { policy: document }, propertyDependencies: { role: [urnOf(role)] } },
        task);
    if (exists === undefined) return evidence;
    const holder = exists ? { id: "/shared", outputs: {}, isOurs: false } : undefined;
    return { ...evidence, account: buildAccount({ existing: async () => holder }) };
}
