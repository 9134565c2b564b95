/** F29: private subnets reach what runs in them needs, without paying for a NAT gateway. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { findServices, SERVICE } from "../planReading/containers.ts";
import { findTasks, parametersOf, readDefinitions, STATE_MACHINE } from "../planReading/definitions.ts";
import { sectionsOf } from "../planReading/sections.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

const VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
const SUBNET = "aws:ec2/subnet:Subnet";
/** Free, and on the way of every job's data. */
const GATEWAYS = ["s3", "dynamodb"];
const NAT_GATEWAY = "aws:ec2/natGateway:NatGateway";
const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
/**
 * What starts a container on Fargate without the internet, beside S3, from which the layers come.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html, read on 2026-11-21
 */
const CONTAINER_NEEDS = ["ecr.api", "ecr.dkr", "logs"];
const HTTPS_PORT = 443;

export const rule = defineRule({
    id: "F29",
    kind: "plan",
    needs: ["plan"],
    title: "What runs in private subnets reaches what it needs, S3 and DynamoDB at no cost",
    story: "Jobs in private subnets fetched everything through a NAT gateway, at a price per gigabyte, or, without one, fetched nothing: "
        + "training ended with a download error after its machines had been waited for. Gateway endpoints are free, and were missing on "
        + "some of the route tables.",
    source: "field report S3",
    prevention: "The network component puts gateway endpoints on all route tables of private and isolated subnets, and adds the interface "
        + "endpoints that switched-on parts need.",
    fix: "let the network component make the endpoints, with all private and isolated route tables",
    applies: ({ plan }) => plan.resources.some(({ type }) => type === SUBNET),
    check({ plan, stack }): CheckResult {
        const unknown = plan.resources.filter(({ type, inputs }) => type === VPC_ENDPOINT && isUnknown(inputs["serviceName"]));
        if (unknown.length > 0) return { findings: [], open: `not known before the deployment: the service of ${unknown.map(({ name }) => name).join(", ")}` };
        return { findings: [...GATEWAYS.flatMap((service) => checkGateway(service, plan, stack)), ...checkContainers(plan, stack)] };
    },
    mustFind: [
        { title: "no gateway endpoint for S3", evidence: () => buildEvidence({ services: ["dynamodb"] }) },
        { title: "no gateway endpoint for DynamoDB", evidence: () => buildEvidence({ services: ["s3"] }) },
        { title: "a gateway endpoint that leaves out a route table", evidence: () => buildEvidence({ tables: ["private-1"] }) },
        { title: "a gateway endpoint with an empty list of route tables", evidence: () => buildEvidence({ tables: [] }) },
        {
            title: "an endpoint of a service whose name only ends alike",
            evidence: () => buildEvidence({ services: ["nots3", "dynamodb"] }),
        },
        { title: "private jobs, and no endpoint at all", evidence: () => buildEvidence({ services: [], hasPrivateJob: true }) },
        { title: "containers without a NAT gateway or an endpoint for images", evidence: () => buildContainers({ without: "ecr.dkr" }) },
        { title: "containers without a NAT gateway or an endpoint for logs", evidence: () => buildContainers({ without: "logs" }) },
        { title: "endpoints for containers that let no HTTPS in", evidence: () => buildContainers({ port: 80 }) },
    ],
    mustPass: [
        { title: "both on all tables", evidence: () => buildEvidence({}) },
        { title: "containers with all endpoints that they need", evidence: () => buildContainers({}) },
        { title: "containers with addresses of their own", evidence: () => buildContainers({ without: "ecr.dkr", isPublic: true }) },
        { title: "containers behind a NAT gateway", evidence: () => buildContainers({ without: "ecr.dkr", hasNat: true }) },
        {
            title: "public subnets alone, which have a gateway",
            evidence: () => buildPlanEvidence(buildTable("public-1", "Public"), { type: SUBNET, name: "public-1" }),
        },
    ],
});

function checkGateway(service: string, plan: Plan, stack: string): Finding[] {
    const tables = plan.resources.filter((resource) => resource.type === ROUTE_TABLE && kindOf(resource) !== "Public");
    const endpoints = plan.resources.filter((resource) => resource.type === VPC_ENDPOINT && isGatewayTo(service, resource));
    const reached = new Set(endpoints.flatMap(routeTablesOf));
    const missing = tables.filter(({ urn }) => !reached.has(urn));
    if (missing.length === 0) return [];
    const jobs = hasPrivateJobs(plan) && service === "s3" ? "; jobs that run there could not read their data" : "";
    return missing.slice(0, 1).map(({ name, urn }) => ({
        // Where there is an endpoint, its line is the one to change.
        severity: "blocker", where: `${stack}/${name}`, urn: endpoints[0]?.urn ?? urn,
        what: `no gateway endpoint for ${service} on ${missing.length} of ${tables.length} private and isolated route tables `
            + `(${missing.map((table) => table.name).join(", ")})${jobs}`,
        fix: `add these route tables to the routeTableIds of the gateway endpoint for ${service}, which costs nothing`,
    }));
}

/** With a NAT gateway they have another way, at a price; what is cheaper, the forecast says. */
function checkContainers(plan: Plan, stack: string): Finding[] {
    const service = findServices(plan).find(({ inputs }) => sectionsOf(inputs["networkConfiguration"])[0]?.["assignPublicIp"] !== true);
    if (service === undefined || plan.resources.some(({ type }) => type === NAT_GATEWAY)) return [];
    const about = { severity: "blocker", where: `${stack}/${service.name}`, urn: service.urn } as const;
    const endpoints = findInterfaceEndpoints(plan);
    const endpointFor = (need: string): PlannedResource | undefined => endpoints.find(({ inputs }) => String(inputs["serviceName"]).endsWith(`.${need}`));
    const missing = CONTAINER_NEEDS.filter((need) => endpointFor(need) === undefined);
    const closed = CONTAINER_NEEDS.filter((need) => isClosed(endpointFor(need), plan));
    return [
        ...(missing.length === 0 ? [] : [{
            ...about, what: `its tasks have no way to ${missing.join(", ")}: there is neither a NAT gateway nor an interface endpoint`,
            fix: `name ${missing.join(", ")} in network.interfaceEndpoints, or set network.nat to single`, setting: "network.interfaceEndpoints",
        }]),
        ...(closed.length === 0 ? [] : [{
            ...about, what: `the interface endpoints for ${closed.join(", ")} let nobody in on port ${HTTPS_PORT}`,
            fix: `add a rule to their security group: port ${HTTPS_PORT} from the group of the tasks`,
        }]),
    ];
}

function findInterfaceEndpoints({ resources }: Plan): readonly PlannedResource[] {
    return resources.filter(({ type, inputs }) => type === VPC_ENDPOINT && inputs["vpcEndpointType"] === "Interface");
}

/** Whether rules of its groups, which all are of this program, admit no HTTPS. */
function isClosed(endpoint: PlannedResource | undefined, plan: Plan): boolean {
    const groups = endpoint?.propertyDependencies["securityGroupIds"] ?? [];
    const rules = plan.resources.filter(({ type, propertyDependencies }) => type === INGRESS_RULE
        && (propertyDependencies["securityGroupId"] ?? []).some((urn) => groups.includes(urn)));
    return rules.length > 0 && rules.every(({ inputs }) => Number(inputs["fromPort"]) > HTTPS_PORT || Number(inputs["toPort"]) < HTTPS_PORT);
}

/** Which ids they will have is not known yet, but from which resources they come, and whether there are any. */
function routeTablesOf({ inputs, propertyDependencies }: PlannedResource): readonly string[] {
    const { routeTableIds } = inputs;
    return Array.isArray(routeTableIds) && routeTableIds.length === 0 ? [] : propertyDependencies["routeTableIds"] ?? [];
}

/** As the VPC's own component tags what it makes. */
function kindOf({ inputs }: PlannedResource): unknown {
    return (inputs["tags"] as Readonly<Record<string, unknown>> | undefined)?.["SubnetType"];
}

function isGatewayTo(service: string, { inputs }: PlannedResource): boolean {
    const { vpcEndpointType, serviceName } = inputs;
    return vpcEndpointType !== "Interface" && typeof serviceName === "string" && serviceName.endsWith(`.${service}`);
}

function hasPrivateJobs(plan: Plan): boolean {
    return readDefinitions(plan)
        .some(({ states = [] }) => findTasks(states, "createTrainingJob").some((task) => parametersOf(task)["VpcConfig"] !== undefined));
}

interface ContainerArgs { readonly without?: string; readonly port?: number; readonly hasNat?: boolean; readonly isPublic?: boolean }

/** Public tables alone, so that nothing is said of the gateway endpoints. */
function buildContainers({ without, port = HTTPS_PORT, hasNat = false, isPublic = false }: ContainerArgs): Evidence {
    const group: SampleResource = { type: "aws:ec2/securityGroup:SecurityGroup", name: "endpoints-security-group" };
    const endpoints = CONTAINER_NEEDS.filter((need) => need !== without).map((need): SampleResource => ({
        type: VPC_ENDPOINT, name: need, inputs: { serviceName: `com.amazonaws.eu-central-1.${need}`, vpcEndpointType: "Interface" },
        propertyDependencies: { securityGroupIds: [urnOf(group)] },
    }));
    const rule: SampleResource = {
        type: INGRESS_RULE, name: "endpoints-from-compute", inputs: { fromPort: port, toPort: port },
        propertyDependencies: { securityGroupId: [urnOf(group)] },
    };
    const nat = hasNat ? [{ type: NAT_GATEWAY, name: "nat" }] : [];
    return buildPlanEvidence({ type: SUBNET, name: "private-1" }, group, ...endpoints, rule, ...nat, {
        type: SERVICE, name: "letters", inputs: { networkConfiguration: { assignPublicIp: isPublic } },
    });
}

interface SampleArgs { readonly services?: readonly string[]; readonly tables?: readonly string[]; readonly hasPrivateJob?: boolean }

function buildEvidence({ services = GATEWAYS, tables = ["private-1", "isolated-1"], hasPrivateJob = false }: SampleArgs): Evidence {
    const all = [buildTable("public-1", "Public"), buildTable("private-1", "Private"), buildTable("isolated-1", "Isolated")];
    const endpoints = services.map((service): SampleResource => ({
        type: VPC_ENDPOINT, name: service,
        inputs: {
            serviceName: `com.amazonaws.eu-central-1.${service}`, vpcEndpointType: "Gateway",
            routeTableIds: tables.map((name) => `rtb-${name}`),
        },
        propertyDependencies: { routeTableIds: all.filter(({ name }) => tables.length === 0 || tables.includes(name)).map(urnOf) },
    }));
    const parameters = { VpcConfig: { Subnets: ["subnet-1"] } };
    const job = { Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", Parameters: parameters, End: true };
    const definition = JSON.stringify({ States: hasPrivateJob ? { Train: job } : {} });
    const machine: SampleResource = { type: STATE_MACHINE, name: "pipeline", inputs: { definition } };
    return buildPlanEvidence({ type: SUBNET, name: "private-1" }, ...all, ...endpoints, machine);
}

function buildTable(name: string, kind: string): SampleResource {
    return { type: ROUTE_TABLE, name, inputs: { tags: { SubnetType: kind } } };
}
