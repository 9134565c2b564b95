/** F26: every route of an API leads to something that answers, and that may be called. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import { covers } from "../planReading/policies.ts";
import { sharesSource, sourcesOf } from "../planReading/order.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence, urnOf, withoutAbsent } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const API = "aws:apigatewayv2/api:Api";
const ROUTE = "aws:apigatewayv2/route:Route";
const INTEGRATION = "aws:apigatewayv2/integration:Integration";
const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const REST = {
    method: "aws:apigateway/method:Method", integration: "aws:apigateway/integration:Integration",
    response: "aws:apigateway/methodResponse:MethodResponse",
} as const;

const METHOD_KEYS = ["restApi", "resourceId", "httpMethod"];

export const rule = defineRule({
    id: "F26",
    kind: "plan",
    needs: ["plan"],
    title: "Every route has an integration, and every function behind one may be called",
    story: "A REST API's method had no integration, and the deployment of the API failed: \"No integration defined for method\". On an "
        + "HTTP API the same mistake deploys, and callers get 404 or 500; so it does when the function's permission is missing.",
    source: "field reports S0-S4",
    prevention: "One component makes integration, permission and route together, from one list of routes.",
    fix: "give the route a target of the form integrations/<id>, and the function a permission for apigateway.amazonaws.com and that route",
    applies: ({ plan }) => plan.resources.some(({ type }) => type === ROUTE || type === REST.method),
    check(evidence) {
        const { plan } = evidence;
        const doors = plan.resources.filter(({ type }) => type === ROUTE || type === REST.method);
        return checkEach(evidence, doors, (door) => (door.type === ROUTE ? checkRoute(door, plan) : checkMethod(door, plan)));
    },
    mustFind: [
        { title: "a route without a target", evidence: () => buildApi({ target: undefined, hasTarget: false }) },
        {
            title: "a route to an integration that is not there",
            evidence: () => buildApi({ target: "integrations/a1b2c3d", hasTarget: false }),
        },
        {
            title: "a route to something else",
            evidence: () => buildApi({ target: "integrations/<id of inference-function>", hasTarget: false }),
        },
        { title: "a route to another API's integration", evidence: () => buildApi({ integrationApi: "other" }) },
        { title: "a function that nobody allowed the API to call", evidence: () => buildApi({ principal: "events.amazonaws.com" }) },
        { title: "a permission for another route", evidence: () => buildApi({ sourceArn: "<executionArn of api>/*/GET/models" }) },
        { title: "a permission for one method where any is routed", evidence: () => buildApi({ routeKey: "ANY /inference" }) },
        { title: "a method without an integration", evidence: () => buildRest() },
        { title: "a method without a response", evidence: () => buildRest("MOCK") },
    ],
    mustPass: [
        { title: "a route with integration and permission", evidence: () => buildApi({}) },
        { title: "a permission for the whole API", evidence: () => buildApi({ sourceArn: "<executionArn of api>/*/*" }) },
        { title: "a permission that names no source", evidence: () => buildApi({ sourceArn: undefined }) },
        {
            title: "a route of a WebSocket API, which may lead nowhere",
            evidence: () => buildApi({ target: undefined, hasTarget: false, protocolType: "WEBSOCKET" }),
        },
        { title: "a proxy's method, whose function writes the responses", evidence: () => buildRest("AWS_PROXY") },
    ],
});

function checkRoute(route: PlannedResource, plan: Plan): readonly Remark[] {
    const key = String(route.inputs["routeKey"]);
    // A WebSocket's route may lead nowhere: what comes in is then dropped.
    if (sourcesOf(route, "apiId", { plan, type: API }).some(({ inputs }) => inputs["protocolType"] === "WEBSOCKET")) return [];
    const { target } = route.inputs;
    if (target === undefined || target === null || target === "") return [{ what: `${key} has no target: callers get 404` }];
    const [integration] = sourcesOf(route, "target", { plan, type: INTEGRATION });
    if (integration === undefined) {
        // A stand-in names a resource of this program: one that is no integration.
        return target === UNKNOWN ? [{ open: "its target is not known before the deployment" }]
            : [{ what: `${key} leads to ${String(target)}, which is no integration of this program` }];
    }
    if (!sharesSource(route, integration, "apiId")) return [{ what: `${key} leads to ${integration.name}, an integration of another API` }];
    return sourcesOf(integration, "integrationUri", { plan, type: FUNCTION }).flatMap((each) => checkPermission(key, each, plan));
}

function checkPermission(routeKey: string, target: PlannedResource, plan: Plan): readonly Remark[] {
    const permissions = plan.resources.filter(({ type, inputs, propertyDependencies }) => type === PERMISSION
        && (propertyDependencies["function"] ?? []).includes(target.urn) && inputs["principal"] === "apigateway.amazonaws.com");
    if (permissions.some(({ inputs }) => permits(inputs["sourceArn"], routeKey))) return [];
    if (permissions.some(({ inputs }) => inputs["sourceArn"] === UNKNOWN)) {
        return [{ open: "the source of a permission is not known before the deployment" }];
    }
    const rest = permissions.map(({ inputs }) => String(inputs["sourceArn"])).join(", ");
    const reason = rest === "" ? "" : `: it may for ${rest}`;
    return [{ what: `${routeKey} calls ${target.name}, which API Gateway may not call${reason}; callers get 500` }];
}

/** `<execution ARN>/<stage>/<method>/<path>`; `ANY` and `$default` come without a method. */
function permits(sourceArn: unknown, routeKey: string): boolean {
    if (sourceArn === undefined) return true;
    if (typeof sourceArn !== "string") return false;
    const pattern = sourceArn.slice(sourceArn.indexOf("/") + 1);
    const [method = "", path = ""] = routeKey.split(" ");
    // Of `ANY`, the method stands in the ARN as a star: a pattern has to have one too.
    const asked = path === "" ? `stage/${method}` : `stage/${method === "ANY" ? "any-method" : method}${path}`;
    return covers(pattern, asked);
}

function checkMethod(method: PlannedResource, { resources }: Plan): readonly Remark[] {
    const parts = resources.filter((other) => METHOD_KEYS.every((property) => sharesSource(method, other, property)));
    const verb = String(method.inputs["httpMethod"]);
    const integration = parts.find(({ type }) => type === REST.integration);
    if (integration === undefined) return [{ what: `${verb} has no integration: API Gateway refuses to deploy the API` }];
    // What a proxy answers goes to the caller as it is.
    if (/_PROXY$/.test(String(integration.inputs["type"])) || parts.some(({ type }) => type === REST.response)) return [];
    return [{ what: `${verb} has no response: every call ends with 500` }];
}

/** A method of a REST API, and its integration of that type. */
function buildRest(integrationType?: string): Evidence {
    const inputs = { restApi: "<id of rest>", resourceId: "<id of inference>", httpMethod: "POST" };
    const method: SampleResource = { type: REST.method, name: "post-inference", inputs: { ...inputs, authorization: "AWS_IAM" } };
    if (integrationType === undefined) return buildPlanEvidence(method);
    return buildPlanEvidence(method, { type: REST.integration, name: "post-inference", inputs: { ...inputs, type: integrationType } });
}

interface SampleArgs {
    readonly routeKey?: string;
    readonly target?: string | undefined;
    readonly hasTarget?: boolean;
    readonly integrationApi?: string;
    readonly principal?: string;
    readonly sourceArn?: string | undefined;
    readonly protocolType?: string;
}

function buildApi(sample: SampleArgs): Evidence {
    const { routeKey = "POST /inference", hasTarget = true, integrationApi = "api", principal = "apigateway.amazonaws.com" } = sample;
    const api: SampleResource = { type: API, name: "api", inputs: { protocolType: sample.protocolType ?? "HTTP" } };
    const worker: SampleResource = { type: FUNCTION, name: "inference-function" };
    const integration: SampleResource = {
        type: INTEGRATION, name: "integration", inputs: { apiId: `<id of ${integrationApi}>`, integrationType: "AWS_PROXY" },
        propertyDependencies: { integrationUri: [urnOf(worker)] },
    };
    return buildPlanEvidence(api, worker, integration, {
        type: PERMISSION, name: "permission", propertyDependencies: { function: [urnOf(worker)] },
        inputs: withoutAbsent({ principal, sourceArn: "<executionArn of api>/*/POST/inference", ...pick(sample, "sourceArn") }),
    }, {
        type: ROUTE, name: "route",
        inputs: withoutAbsent({ apiId: "<id of api>", routeKey, target: "integrations/<id of integration>", ...pick(sample, "target") }),
        propertyDependencies: { apiId: [urnOf(api)], ...(hasTarget ? { target: [urnOf(integration)] } : {}) },
    });
}

/** What the sample says of a property, also that it is not there. */
function pick(sample: SampleArgs, property: "target" | "sourceArn"): Readonly<Record<string, string | undefined>> {
    return property in sample ? { [property]: sample[property] } : {};
}
