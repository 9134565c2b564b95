/** F28: what needs something first waits for it. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import { ancestorsOf } from "../planReading/order.ts";
import { ROLE_POLICY } from "../planReading/policies.ts";
import {
    ATTACHMENT, findAttachments, findFunctionPolicies, findInternetGateways, findKeyPolicies, findListeners, findLogGroup,
    findPermissions, FUNCTION, GATEWAY, GATEWAY_ATTACHMENT, INTEGRATION, KEY_POLICY, LOG_GROUP, PERMISSION, policiesOf,
} from "../planReading/prerequisites.ts";
import type { Prerequisites } from "../planReading/prerequisites.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding } from "../rule.ts";

interface Order {
    readonly type: string;
    /** What it must wait for, found in the plan. */
    readonly needs: Prerequisites;
    readonly because: string;
}

const EVENT_SOURCE = "aws:lambda/eventSourceMapping:EventSourceMapping";
const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const STATE_MACHINE = "aws:sfn/stateMachine:StateMachine";
const ROUTE = "aws:apigatewayv2/route:Route";
const SERVICE = "aws:ecs/service:Service";
const NAT_GATEWAY = "aws:ec2/natGateway:NatGateway";
const NETWORK_ROUTE = "aws:ec2/route:Route";

const ORDERS: readonly Order[] = [
    { type: FUNCTION, needs: policiesOf("role"), because: "its first call would lack permissions" },
    {
        type: FUNCTION, needs: findLogGroup,
        because: "Lambda would make the log group itself, without retention and key, and the create would fail",
    },
    { type: STATE_MACHINE, needs: policiesOf("roleArn"), because: "Step Functions tries the role out when the state machine is created" },
    { type: EVENT_SOURCE, needs: findFunctionPolicies, because: "Lambda tries out whether the function's role may read the stream" },
    { type: EVENT_TARGET, needs: policiesOf("roleArn"), because: "an event that comes at once would start nothing" },
    { type: ROUTE, needs: findPermissions, because: "a call that comes at once would get a 500" },
    { type: SERVICE, needs: findListeners, because: "ECS refuses a target group that no load balancer uses" },
    { type: NAT_GATEWAY, needs: findInternetGateways, because: "a NAT gateway fails in a network that has no internet gateway" },
    { type: NETWORK_ROUTE, needs: findAttachments, because: "EC2 refuses a route to a gateway that is not attached" },
];

export const rule = defineRule({
    id: "F28",
    kind: "plan",
    needs: ["plan"],
    title: "What needs something first waits for it",
    story: "Resources that refer to each other only by name were created in any order: a function before its log group, an event source "
        + "before its policy. Deployments failed now and then, each time somewhere else, and passed when they were started again, so that "
        + "nobody looked for the cause.",
    source: "field reports S0-S4",
    prevention: "Each component names in dependsOn what has to be there first; unit tests read it from the plan.",
    fix: "add what is missing to the resource's dependsOn",
    applies: ({ plan }) => plan.resources.some(({ type }) => type === KEY_POLICY || ORDERS.some((order) => order.type === type)),
    check({ plan, stack }) {
        const findings = plan.resources.flatMap((resource) => checkOrder(resource, plan, stack));
        const unsure = plan.resources.filter(({ type, inputs }) => type === PERMISSION && inputs["sourceArn"] === UNKNOWN);
        if (unsure.length === 0) return { findings };
        const names = unsure.map(({ name }) => name).join(", ");
        return { findings, open: `whose calls these allow is not known before the deployment: ${names}` };
    },
    mustFind: [
        { title: "a function that does not wait for its policy", evidence: () => buildFunction(["logs"]) },
        { title: "a function that does not wait for its log group", evidence: () => buildFunction(["policy"]) },
        {
            title: "an event source that does not wait for the function's policy",
            evidence: () => buildEventSource({ ...WORKER, dependencies: [urnOf(ROLE), urnOf(LOGS)] }),
        },
        { title: "a route that does not wait for its permission", evidence: () => buildRoutes({ waitsFor: [] }) },
        { title: "a route that waits for the permission of another", evidence: () => buildRoutes({ waitsFor: ["list"] }) },
        { title: "a state machine that does not wait for a managed policy", evidence: () => buildStateMachine([]) },
        { title: "a service that does not wait for its listener", evidence: () => buildService([]) },
        { title: "a NAT gateway that does not wait for the internet gateway", evidence: () => buildNetwork({ natWaits: false }) },
        { title: "a route that does not wait until its gateway is attached", evidence: () => buildNetwork({ routeWaits: false }) },
        { title: "a queue that does not wait for its key's policy", evidence: () => buildEncrypted([]) },
    ],
    mustPass: [
        { title: "a function that waits for both", evidence: () => buildFunction(["policy", "logs"]) },
        { title: "an event source that waits through its function", evidence: () => buildEventSource(WORKER) },
        { title: "a route that waits for its own permission, beside another's", evidence: () => buildRoutes({ waitsFor: ["read"] }) },
        { title: "a state machine that waits for a managed policy", evidence: () => buildStateMachine([urnOf(MANAGED)]) },
        { title: "a service that waits for its listener", evidence: () => buildService([urnOf(LISTENER)]) },
        { title: "a network in order", evidence: () => buildNetwork({}) },
        {
            title: "a NAT gateway that the component of its network makes after the gateway",
            evidence: () => buildNetwork({ natWaits: false, parent: NETWORK_URN }),
        },
        { title: "a queue that waits for its key's policy", evidence: () => buildEncrypted([urnOf(KEY_RULES)]) },
    ],
});

function checkOrder(resource: PlannedResource, plan: Plan, stack: string): Finding[] {
    const before = ancestorsOf(resource, plan);
    const orders = [...ORDERS.filter(({ type }) => type === resource.type), WHAT_IS_ENCRYPTED];
    return orders.flatMap(({ needs, because }) => needs(resource, plan)
        .filter(({ urn }) => !before.has(urn))
        .map((missing): Finding => ({
            severity: "blocker", where: `${stack}/${resource.name}`, urn: resource.urn,
            what: `does not wait for ${missing.name}: ${because}`, fix: `add ${missing.name} to the dependsOn of ${resource.name}`,
        })));
}

/** Whatever its type is. */
const WHAT_IS_ENCRYPTED: Omit<Order, "type"> = { needs: findKeyPolicies, because: "until then the key lets nobody use it but its account" };

const ROLE: SampleResource = { type: "aws:iam/role:Role", name: "worker-role" };
const POLICY: SampleResource = {
    type: ROLE_POLICY, name: "worker-policy", dependencies: [urnOf(ROLE)], propertyDependencies: { role: [urnOf(ROLE)] },
};
const LOGS: SampleResource = { type: LOG_GROUP, name: "worker-logs", inputs: { name: "/aws/lambda/firstlight-dev-worker" } };
const WORKER: SampleResource = {
    type: FUNCTION, name: "worker", inputs: { name: "firstlight-dev-worker" },
    dependencies: [urnOf(ROLE), urnOf(POLICY), urnOf(LOGS)], propertyDependencies: { role: [urnOf(ROLE)] },
};

function buildFunction(waitsFor: readonly ("policy" | "logs")[]): Evidence {
    const dependencies = [urnOf(ROLE), ...waitsFor.map((each) => urnOf(each === "policy" ? POLICY : LOGS))];
    return buildPlanEvidence(ROLE, POLICY, LOGS, { ...WORKER, dependencies });
}

/** The source names the function; so it waits for whatever the function waits for. */
function buildEventSource(worker: SampleResource): Evidence {
    return buildPlanEvidence(ROLE, POLICY, LOGS, worker, {
        type: EVENT_SOURCE, name: "consumer-source", dependencies: [urnOf(WORKER)], propertyDependencies: { functionName: [urnOf(WORKER)] },
    });
}

/** One function behind two routes, of which one is declared; a permission for each. */
function buildRoutes({ waitsFor }: { readonly waitsFor: readonly ("read" | "list")[] }): Evidence {
    const worker: SampleResource = { type: FUNCTION, name: "models" };
    const integration: SampleResource = {
        type: INTEGRATION, name: "models-integration",
        dependencies: [urnOf(worker)], propertyDependencies: { integrationUri: [urnOf(worker)] },
    };
    const permit = (name: string, route: string): SampleResource => ({
        type: PERMISSION, name, inputs: { sourceArn: `<executionArn of api>/*/${route}` },
        dependencies: [urnOf(worker)], propertyDependencies: { function: [urnOf(worker)] },
    });
    const permissions = { read: permit("read-permission", "GET/models/*"), list: permit("list-permission", "GET/models") };
    return buildPlanEvidence(worker, integration, ...Object.values(permissions), {
        type: ROUTE, name: "read-route", inputs: { routeKey: "GET /models/{id}" }, propertyDependencies: { target: [urnOf(integration)] },
        dependencies: [urnOf(integration), ...waitsFor.map((name) => urnOf(permissions[name]))],
    });
}

const MANAGED: SampleResource = { type: ATTACHMENT, name: "pipeline-managed", propertyDependencies: { role: [urnOf(ROLE)] } };

function buildStateMachine(dependencies: readonly string[]): Evidence {
    return buildPlanEvidence(ROLE, MANAGED, { type: STATE_MACHINE, name: "pipeline", dependencies, propertyDependencies: { roleArn: [urnOf(ROLE)] } });
}

const TARGETS: SampleResource = { type: "aws:lb/targetGroup:TargetGroup", name: "letters-targets" };
const LISTENER: SampleResource = { type: "aws:lb/listener:Listener", name: "letters-listener", propertyDependencies: { defaultActions: [urnOf(TARGETS)] } };

function buildService(waitsFor: readonly string[]): Evidence {
    const dependencies = [urnOf(TARGETS), ...waitsFor];
    return buildPlanEvidence(TARGETS, LISTENER, { type: SERVICE, name: "letters", dependencies, propertyDependencies: { loadBalancers: [urnOf(TARGETS)] } });
}

const KEY: SampleResource = { type: "aws:kms/key:Key", name: "key" };
const KEY_RULES: SampleResource = { type: KEY_POLICY, name: "key-policy", dependencies: [urnOf(KEY)], propertyDependencies: { keyId: [urnOf(KEY)] } };

function buildEncrypted(waitsFor: readonly string[]): Evidence {
    const dependencies = [urnOf(KEY), ...waitsFor];
    return buildPlanEvidence(KEY, KEY_RULES, { type: "aws:sqs/queue:Queue", name: "letters", dependencies, propertyDependencies: { kmsMasterKeyId: [urnOf(KEY)] } });
}

const NETWORK: SampleResource = { type: "aws:ec2/vpc:Vpc", name: "network" };
const NETWORK_URN = urnOf(NETWORK);

interface NetworkArgs { readonly natWaits?: boolean; readonly routeWaits?: boolean; readonly parent?: string }

/** A network whose gateway names it, and is attached to it once more by a resource of its own. */
function buildNetwork({ natWaits = true, routeWaits = true, parent }: NetworkArgs): Evidence {
    const within = { propertyDependencies: { vpcId: [NETWORK_URN] }, dependencies: [NETWORK_URN], ...(parent === undefined ? {} : { parent }) };
    const gateway: SampleResource = { type: GATEWAY, name: "gateway", ...within };
    const subnet: SampleResource = { type: "aws:ec2/subnet:Subnet", name: "public-1", ...within };
    const attachment: SampleResource = { type: GATEWAY_ATTACHMENT, name: "attachment", propertyDependencies: { internetGatewayId: [urnOf(gateway)] } };
    return buildPlanEvidence(NETWORK, gateway, subnet, attachment, {
        type: NAT_GATEWAY, name: "nat", ...(parent === undefined ? {} : { parent }),
        dependencies: [urnOf(subnet), ...(natWaits ? [urnOf(gateway)] : [])], propertyDependencies: { subnetId: [urnOf(subnet)] },
    }, {
        type: NETWORK_ROUTE, name: "internet-route", dependencies: [urnOf(gateway), ...(routeWaits ? [urnOf(attachment)] : [])],
        propertyDependencies: { gatewayId: [urnOf(gateway)] },
    });
}
