/** F67: nobody calls the API without being asked who it is. */
import type { PlatformConfig } from "../../../components/config.ts";
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { sourcesOf } from "../planReading/order.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildConfig, buildPlanEvidence, urnOf, withoutAbsent } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const API = "aws:apigatewayv2/api:Api";
const ROUTE = "aws:apigatewayv2/route:Route";
const METHOD = "aws:apigateway/method:Method";
const FUNCTION_URL = "aws:lambda/functionUrl:FunctionUrl";
/** Monitors and load balancers do not sign. */
const OPEN_TO_ALL = "GET /health";

export const rule = defineRule({
    id: "F67",
    kind: "plan",
    needs: ["plan", "config"],
    title: "Every route but the health check needs authorization",
    story: "The prediction route was open: whoever found the address could ask the endpoint, and each question is paid for. A route "
        + "without a word about authorization is such a route; API Gateway's default is none.",
    source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html",
    prevention: "A route is open only when it is listed in api.openRoutes, which is refused in prod; callers sign or show a token.",
    fix: "set authorizationType to AWS_IAM, or to JWT with an authorizer; list it in api.openRoutes if all the world may call it",
    applies: (evidence) => doorsOf(evidence).length > 0,
    check(evidence) {
        const { plan, config } = evidence;
        return checkEach(evidence, doorsOf(evidence), (door) => (door.type === ROUTE ? checkRoute(door, plan, config) : checkOther(door)));
    },
    mustFind: [
        { title: "an open route", evidence: () => buildRoute({ authorizationType: "NONE" }) },
        { title: "a route without a word about it", evidence: () => buildRoute({ authorizationType: undefined }) },
        { title: "tokens that nobody looks at", evidence: () => buildRoute({ authorizationType: "JWT" }) },
        {
            title: "an open route for whatever has none",
            evidence: () => buildRoute({ routeKey: "$default", authorizationType: "NONE" }, { openRoutes: OPENED }),
        },
        { title: "another health check", evidence: () => buildRoute({ routeKey: "ANY /health", authorizationType: "NONE" }) },
        { title: "a function with an open address", evidence: () => buildOther(FUNCTION_URL, { authorizationType: "NONE" }) },
        { title: "an open method", evidence: () => buildOther(METHOD, { httpMethod: "POST", authorization: "NONE" }) },
    ],
    mustPass: [
        { title: "callers who sign", evidence: () => buildRoute({}) },
        { title: "callers who show a token", evidence: () => buildRoute({ authorizationType: "JWT", authorizerId: "<id of tokens>" }) },
        { title: "the health check", evidence: () => buildRoute({ routeKey: OPEN_TO_ALL, authorizationType: "NONE" }) },
        { title: "a route that was opened on purpose", evidence: () => buildRoute({ authorizationType: "NONE" }, { openRoutes: OPENED }) },
        {
            title: "a message of a connection that was let in",
            evidence: () => buildRoute({ routeKey: "$default", authorizationType: undefined }, {}, "WEBSOCKET"),
        },
        { title: "a function's address for those who sign", evidence: () => buildOther(FUNCTION_URL, { authorizationType: "AWS_IAM" }) },
        {
            title: "a browser's question before the call",
            evidence: () => buildOther(METHOD, { httpMethod: "OPTIONS", authorization: "NONE" }),
        },
    ],
});

function doorsOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === ROUTE || type === METHOD || type === FUNCTION_URL);
}

function checkRoute(route: PlannedResource, plan: Plan, { api }: PlatformConfig): readonly Remark[] {
    const { routeKey, authorizationType = "NONE", authorizerId } = route.inputs;
    const isWebSocket = sourcesOf(route, "apiId", { plan, type: API }).some(({ inputs }) => inputs["protocolType"] === "WEBSOCKET");
    // Of a WebSocket, the connection alone is asked who it is.
    if (isWebSocket && routeKey !== "$connect") return [];
    if (isUnknown(authorizationType)) return [{ open: "its authorization is not known before the deployment" }];
    if (authorizationType === "NONE") {
        if (routeKey === OPEN_TO_ALL || api.openRoutes.some((open) => open === routeKey)) return [];
        return [{ what: `${String(routeKey)} is open to everybody, and api.openRoutes does not list it`, setting: "api.openRoutes" }];
    }
    if (authorizationType === "AWS_IAM" || authorizerId !== undefined) return [];
    return [{ what: `${String(routeKey)} wants ${String(authorizationType)}, but names no authorizer` }];
}

function checkOther({ type, inputs }: PlannedResource): readonly Remark[] {
    if (type === FUNCTION_URL) {
        return inputs["authorizationType"] === "NONE" ? [{ what: "is an address of a function that everybody may call" }] : [];
    }
    const { httpMethod, authorization, apiKeyRequired } = inputs;
    if (authorization !== "NONE" || httpMethod === "OPTIONS" || apiKeyRequired === true) return [];
    return [{ what: `${String(httpMethod)} is open to everybody` }];
}

const OPENED = ["POST /inference"];

function buildRoute(fields: Parameters<typeof withoutAbsent>[0], api: object = {}, protocolType = "HTTP"): Evidence {
    const owner: SampleResource = { type: API, name: "api", inputs: { protocolType } };
    const inputs = withoutAbsent({ apiId: "<id of api>", routeKey: "POST /inference", authorizationType: "AWS_IAM", ...fields });
    const route: SampleResource = { type: ROUTE, name: "route", inputs, propertyDependencies: { apiId: [urnOf(owner)] } };
    return { ...buildPlanEvidence(owner, route), config: buildConfig({ api }) };
}

function buildOther(type: string, inputs: PlannedResource["inputs"]): Evidence {
    return { ...buildPlanEvidence({ type, name: "door", inputs }), config: buildConfig() };
}
