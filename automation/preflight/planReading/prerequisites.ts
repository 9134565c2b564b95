/** What has to be there before a resource, as far as the plan shows it: read for F28. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import { ancestorsOf } from "./order.ts";
import { ROLE_POLICY } from "./policies.ts";

export const FUNCTION = "aws:lambda/function:Function";
export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
export const INTEGRATION = "aws:apigatewayv2/integration:Integration";
export const PERMISSION = "aws:lambda/permission:Permission";
export const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const LISTENERS = ["aws:lb/listener:Listener", "aws:lb/listenerRule:ListenerRule"];
export const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
export const GATEWAY_ATTACHMENT = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment";
export const KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy";

/** Resources of the plan that must be there before the given one. */
export type Prerequisites = (resource: PlannedResource, plan: Plan) => readonly PlannedResource[];

/** Policies of the role that the property names. */
export function policiesOf(property: string): Prerequisites {
    return (resource, plan) => {
        const roles = resource.propertyDependencies[property] ?? [];
        return plan.resources.filter(({ type, propertyDependencies }) => (type === ROLE_POLICY || type === ATTACHMENT)
            && (propertyDependencies["role"] ?? []).some((urn) => roles.includes(urn)));
    };
}

export function findLogGroup({ inputs }: PlannedResource, plan: Plan): readonly PlannedResource[] {
    return plan.resources.filter((other) => other.type === LOG_GROUP && other.inputs["name"] === `/aws/lambda/${String(inputs["name"])}`);
}

export function findFunctionPolicies(resource: PlannedResource, plan: Plan): readonly PlannedResource[] {
    const functions = resource.propertyDependencies["functionName"] ?? [];
    return plan.resources.filter(({ urn, type }) => type === FUNCTION && functions.includes(urn))
        .flatMap((each) => policiesOf("role")(each, plan));
}

/** Permissions for the functions behind the route's integration. */
export function findPermissions(route: PlannedResource, plan: Plan): readonly PlannedResource[] {
    const targets = route.propertyDependencies["target"] ?? [];
    const functions = plan.resources.filter(({ urn, type }) => type === INTEGRATION && targets.includes(urn))
        .flatMap(({ propertyDependencies }) => propertyDependencies["integrationUri"] ?? []);
    const key = String(route.inputs["routeKey"] ?? "").replace(" ", "");
    const endings = [`/${key.replaceAll(/\{[^}]+\}/g, "*")}`, `/${key}`];
    const permissions = plan.resources.filter(({ type, propertyDependencies }) => type === PERMISSION
        && (propertyDependencies["function"] ?? []).some((urn) => functions.includes(urn)));
    const fitting = permissions.filter(({ inputs: { sourceArn } }) => {
        // A function may serve several routes: which of them it is, only the source says.
        if (sourceArn === UNKNOWN) return permissions.length === 1;
        return typeof sourceArn !== "string" || endings.some((ending) => sourceArn.endsWith(ending));
    });
    // One that lets the API in is enough.
    const before = ancestorsOf(route, plan);
    return fitting.some(({ urn }) => before.has(urn)) ? [] : fitting;
}

/** Listeners that lead to the service's target groups. */
export function findListeners({ propertyDependencies }: PlannedResource, plan: Plan): readonly PlannedResource[] {
    const targets = propertyDependencies["loadBalancers"] ?? [];
    return plan.resources.filter(({ type, propertyDependencies: sources }) => LISTENERS.includes(type)
        && [...sources["defaultActions"] ?? [], ...sources["actions"] ?? []].some((urn) => targets.includes(urn)));
}

/**
 * Of the same network. What a component makes of the network and its gateways is ordered inside of it: awsx registers the gateway of the
 * internet first, and an elastic address before each NAT gateway.
 */
export function findInternetGateways(nat: PlannedResource, plan: Plan): readonly PlannedResource[] {
    const networksOf = ({ propertyDependencies }: PlannedResource): readonly string[] => propertyDependencies["vpcId"] ?? [];
    const subnets = plan.resources.filter(({ urn }) => (nat.propertyDependencies["subnetId"] ?? []).includes(urn));
    const networks = subnets.flatMap(networksOf);
    return plan.resources.filter((each) => each.type === GATEWAY && networksOf(each).some((urn) => networks.includes(urn))
        && !networks.some((network) => isInside(nat, network, plan) && isInside(each, network, plan)));
}

function isInside({ parent }: PlannedResource, urn: string, plan: Plan): boolean {
    if (parent === undefined) return false;
    const above = plan.resources.find((each) => each.urn === parent);
    return parent === urn || (above !== undefined && isInside(above, urn, plan));
}

/** A gateway that names its network is attached when it is there; one that does not waits for its attachment. */
export function findAttachments({ propertyDependencies }: PlannedResource, plan: Plan): readonly PlannedResource[] {
    const gateways = propertyDependencies["gatewayId"] ?? [];
    return plan.resources.filter(({ type, propertyDependencies: sources }) => type === GATEWAY_ATTACHMENT
        && (sources["internetGatewayId"] ?? []).some((urn) => gateways.includes(urn)));
}

/** Policies, as resources of their own, of the keys that a resource names. */
export function findKeyPolicies({ type, propertyDependencies }: PlannedResource, plan: Plan): readonly PlannedResource[] {
    if (type === KEY_POLICY || type === "aws:kms/alias:Alias") return [];
    const keys = Object.entries(propertyDependencies).filter(([property]) => /kms|encryption/i.test(property)).flatMap(([, urns]) => urns);
    return plan.resources.filter((each) => each.type === KEY_POLICY && (each.propertyDependencies["keyId"] ?? []).some((urn) => keys.includes(urn)));
}
