/** F28: what needs something first waits for it. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import { ancestorsOf } from "../planReading/order.ts";
import { ROLE_POLICY } from "../planReading/policies.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding } from "../rule.ts";

interface Order {
    readonly type: string;
    /** What it must wait for, found in the plan. */
    readonly needs: (resource: PlannedResource, plan: Plan) => readonly PlannedResource[];
    readonly because: string;
}

const FUNCTION = "aws:lambda/function:Function";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const EVENT_SOURCE = "aws:lambda/eventSourceMapping:EventSourceMapping";
const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const STATE_MACHINE = "aws:sfn/stateMachine:StateMachine";
const ROUTE = "aws:apigatewayv2/route:Route";
const INTEGRATION = "aws:apigatewayv2/integration:Integration";
const PERMISSION = "aws:lambda/permission:Permission";

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
];

export const rule = defineRule({
    id: "F28",
    kind: "plan",
    needs: ["plan"],
    title: "What needs something first waits for it",
    story: "Resources that refer to each other only by name were created in any order. One deployment of three failed, each time "
        + "somewhere else, and passed when it was started again: a function before its log group, an event source before its policy.",
    source: "field reports S0-S4",
    prevention: "Each component names in dependsOn what has to be there first; unit tests read it from the plan.",
    fix: "add what is missing to the resource's dependsOn",
    applies: ({ plan }) => plan.resources.some(({ type }) => ORDERS.some((order) => order.type === type)) === true,
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
    ],
    mustPass: [
        { title: "a function that waits for both", evidence: () => buildFunction(["policy", "logs"]) },
        { title: "an event source that waits through its function", evidence: () => buildEventSource(WORKER) },
        { title: "a route that waits for its own permission, beside another's", evidence: () => buildRoutes({ waitsFor: ["read"] }) },
    ],
});

function checkOrder(resource: PlannedResource, plan: Plan, stack: string): Finding[] {
    const before = ancestorsOf(resource, plan);
    return ORDERS.filter(({ type }) => type === resource.type).flatMap(({ needs, because }) => needs(resource, plan)
        .filter(({ urn }) => !before.has(urn))
        .map((missing): Finding => ({
            severity: "blocker", where: `${stack}/${resource.name}`,
            what: `does not wait for ${missing.name}: ${because}`,
        })));
}

/** Policies of the role that the property names. */
function policiesOf(property: string): Order["needs"] {
    return (resource, plan) => {
        const roles = resource.propertyDependencies[property] ?? [];
        return plan.resources.filter(({ type, propertyDependencies }) => type === ROLE_POLICY
            && (propertyDependencies["role"] ?? []).some((urn) => roles.includes(urn)));
    };
}

function findLogGroup({ inputs }: PlannedResource, plan: Plan): readonly PlannedResource[] {
    return plan.resources.filter((other) => other.type === LOG_GROUP && other.inputs["name"] === `/aws/lambda/${String(inputs["name"])}`);
}

function findFunctionPolicies(resource: PlannedResource, plan: Plan): readonly PlannedResource[] {
    const functions = resource.propertyDependencies["functionName"] ?? [];
    return plan.resources.filter(({ urn, type }) => type === FUNCTION && functions.includes(urn))
        .flatMap((each) => policiesOf("role")(each, plan));
}

/** Permissions for the functions behind the route's integration. */
function findPermissions(route: PlannedResource, plan: Plan): readonly PlannedResource[] {
    const targets = route.propertyDependencies["target"] ?? [];
    const functions = plan.resources.filter(({ urn, type }) => type === INTEGRATION && targets.includes(urn))
        .flatMap(({ propertyDependencies }) => propertyDependencies["integrationUri"] ?? []);
    const key = String(route.inputs["routeKey"] ?? "").replace(" ", "");
    const endings = [`/${key.replaceAll(/\{[^}]+\}/g, "*")}`, `/${key}`];
    const permissions = plan.resources.filter(({ type, propertyDependencies }) => type === PERMISSION
        && (propertyDependencies["function"] ?? []).some((urn) => functions.includes(urn)));
    return permissions.filter(({ inputs: { sourceArn } }) => {
        // A function may serve several routes: which of them it is, only the source says.
        if (sourceArn === UNKNOWN) return permissions.length === 1;
        return typeof sourceArn !== "string" || endings.some((ending) => sourceArn.endsWith(ending));
    });
}

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
