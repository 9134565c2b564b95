/** F68: an API that reaches containers through a VPC link gets their answer, not a redirection. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { sharesSource } from "../planReading/order.ts";
import { checkEach, findGaps } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { sectionsOf } from "../planReading/sections.ts";
import { readStandIn } from "../planReading/values.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const INTEGRATION = "aws:apigatewayv2/integration:Integration";
const STAGE = "aws:apigatewayv2/stage:Stage";
/** The other thing that a VPC link can lead to; it has no listener. */
const CLOUD_MAP = "aws:servicediscovery/service:Service";
const LISTENERS = ["aws:lb/listener:Listener", "aws:alb/listener:Listener"];
const LOAD_BALANCERS = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"];

export const rule = defineRule({
    id: "F68",
    kind: "plan",
    needs: ["plan"],
    title: "A VPC link leads to an internal listener that answers",
    story: "The HTTP API went through its VPC link to the load balancer's port 80, which redirects browsers to HTTPS. Every call "
        + "got 301 and a host name that clients cannot reach; and as the load balancer was public, everybody could go round the API.",
    source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html",
    fix: "give the VPC link a listener of its own on an internal load balancer, which forwards",
    applies: ({ plan }) => linksOf(plan).length > 0,
    check: (evidence) => checkEach(evidence, linksOf(evidence.plan), (link) => lookAtLink(link, evidence.plan)),
    mustFind: [
        {
            title: "a listener that redirects",
            evidence: () => buildEvidence({ defaultActions: [{ type: "redirect", redirect: { statusCode: "HTTP_301" } }] }),
        },
        { title: "a public load balancer", evidence: () => buildEvidence({}, { loadBalancer: { internal: false } }) },
        { title: "a load balancer that does not say what it is", evidence: () => buildEvidence({}, { loadBalancer: {} }) },
        { title: "plain HTTP to a listener with a certificate", evidence: () => buildEvidence({ port: 443, protocol: "HTTPS" }) },
        { title: "a stage's name in the path", evidence: () => buildEvidence({}, { stage: "v1" }) },
    ],
    mustPass: [
        { title: "a listener of its own that forwards", evidence: () => buildEvidence({}) },
        {
            title: "HTTPS to a listener with a certificate",
            evidence: () => buildEvidence({ protocol: "HTTPS" }, { integration: { tlsConfig: { serverNameToVerify: "example.com" } } }),
        },
        {
            title: "a stage's name that is taken out of the path",
            evidence: () => buildEvidence({}, { stage: "v1", integration: { requestParameters: { "overwrite:path": "$request.path" } } }),
        },
    ],
});

/** Integrations that go through a VPC link. */
function linksOf(plan: Plan): readonly PlannedResource[] {
    return plan.resources.filter(({ type, inputs }) => type === INTEGRATION && inputs["connectionType"] === "VPC_LINK");
}

function lookAtLink(link: PlannedResource, plan: Plan): readonly Remark[] {
    const listener = findReferred(link, "integrationUri", { plan, types: LISTENERS });
    if (findReferred(link, "integrationUri", { plan, types: [CLOUD_MAP] }) !== undefined) return findPathFaults(link, plan);
    if (listener === undefined) return [...findPathFaults(link, plan), { open: "its listener is not in this program" }];
    const balancer = findReferred(listener, "loadBalancerArn", { plan, types: LOAD_BALANCERS });
    return [
        ...findListenerFaults(listener, link.inputs),
        ...(balancer === undefined ? [{ open: `the load balancer of ${listener.name} is not in this program` }] : findOpenDoor(balancer)),
        ...findPathFaults(link, plan),
    ];
}

function findListenerFaults({ name, inputs }: PlannedResource, { tlsConfig }: PropertyMap): readonly Remark[] {
    const { defaultActions, protocol } = inputs;
    const redirects = sectionsOf(defaultActions).some(({ type }) => type === "redirect");
    return [
        ...findGaps(inputs, ["defaultActions", "protocol"]),
        ...(redirects ? [{ what: `leads to ${name}, which redirects: callers get a 301 instead of an answer` }] : []),
        ...(protocol === "HTTPS" && tlsConfig === undefined
            ? [{ what: `speaks plain HTTP to ${name}, which listens for HTTPS`, fix: "add tlsConfig: { serverNameToVerify: ... }" }] : []),
    ];
}

/** Without a word a load balancer is public. */
function findOpenDoor({ name, inputs: { internal } }: PlannedResource): readonly Remark[] {
    if (internal === true) return [];
    if (internal === UNKNOWN) return [{ open: `whether ${name} is internal is not known before the deployment` }];
    return [{
        severity: "warning",
        what: `leads to ${name}, which is public: calls can go round the API and its authorisation`,
        fix: "make the load balancer internal: true",
    }];
}

/** A named stage stands in the path that the containers see, which few expect. `$default` does not. */
function findPathFaults(link: PlannedResource, plan: Plan): readonly Remark[] {
    if ((link.inputs["requestParameters"] as PropertyMap | undefined)?.["overwrite:path"] !== undefined) return [];
    const stages = plan.resources.filter((each) => each.type === STAGE && each.inputs["name"] !== "$default"
        && sharesSource(each, link, "apiId"));
    return stages.map(({ inputs: { name } }): Remark => ({
        severity: "warning", what: `hands on paths with the stage's name in front (/${String(name)}/...)`,
        fix: "add requestParameters: { \"overwrite:path\": \"$request.path\" }",
    }));
}

interface Referred { readonly plan: Plan; readonly types: readonly string[] }

/** The resource of one of these types whose ARN an input is. */
function findReferred(resource: PlannedResource, property: string, { plan, types }: Referred): PlannedResource | undefined {
    const value = resource.inputs[property];
    const standIn = typeof value === "string" ? readStandIn(value) : undefined;
    return plan.resources.find(({ type, urn, name }) => types.includes(type)
        && ((resource.propertyDependencies[property] ?? []).includes(urn) || name === standIn));
}

interface Around {
    readonly loadBalancer?: PropertyMap;
    readonly integration?: PropertyMap;
    /** @default "$default" */
    readonly stage?: string;
}

function buildEvidence(listenerInputs: PropertyMap, around: Around = {}): Evidence {
    const { loadBalancer = { internal: true }, integration = {}, stage = "$default" } = around;
    const balancer: SampleResource = { type: LOAD_BALANCERS[0] ?? "", name: "letters-balancer", inputs: loadBalancer };
    const listener: SampleResource = {
        type: LISTENERS[0] ?? "", name: "letters-listener", propertyDependencies: { loadBalancerArn: [urnOf(balancer)] },
        inputs: { port: 8080, protocol: "HTTP", defaultActions: [{ type: "forward" }], ...listenerInputs },
    };
    const api: SampleResource = { type: "aws:apigatewayv2/api:Api", name: "api" };
    return buildPlanEvidence(balancer, listener, api,
        { type: STAGE, name: "api-stage", inputs: { name: stage }, propertyDependencies: { apiId: [urnOf(api)] } },
        {
            type: INTEGRATION, name: "letters-integration",
            propertyDependencies: { integrationUri: [urnOf(listener)], apiId: [urnOf(api)] },
            inputs: { connectionType: "VPC_LINK", integrationType: "HTTP_PROXY", ...integration },
        });
}
