/** F29: private subnets reach what runs in them needs, without paying for a NAT gateway. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { findTasks, parametersOf, readDefinitions, STATE_MACHINE } from "../planReading/definitions.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

const VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
const SUBNET = "aws:ec2/subnet:Subnet";
/** Free, and on the way of every job's data. */
const GATEWAYS = ["s3", "dynamodb"];

export const rule = defineRule({
    id: "F29",
    kind: "plan",
    needs: ["plan"],
    title: "Private and isolated subnets reach S3 and DynamoDB by gateway endpoints",
    story: "Jobs in private subnets fetched everything through a NAT gateway, at a price per gigabyte, or, without one, fetched nothing: "
        + "training ended with a download error after its machines had been waited for. Gateway endpoints are free, and were missing on "
        + "some of the route tables.",
    source: "field report S3",
    prevention: "The network component puts gateway endpoints on all route tables of private and isolated subnets, and adds the interface "
        + "endpoints that switched-on parts need.",
    fix: "let the network component make the endpoints, with all private and isolated route tables",
    applies: ({ plan }) => plan.resources.some(({ type }) => type === SUBNET) === true,
    check({ plan, stack }): CheckResult {
        return { findings: GATEWAYS.flatMap((service) => checkGateway(service, plan, stack)) };
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
    ],
    mustPass: [
        { title: "both on all tables", evidence: () => buildEvidence({}) },
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
    const missing = tables.filter(({ urn }) => !reached.has(urn)).map(({ name }) => name);
    if (missing.length === 0) return [];
    const jobs = hasPrivateJobs(plan) && service === "s3" ? "; jobs that run there could not read their data" : "";
    return [{
        severity: "blocker", where: `${stack}/${missing.join(", ")}`,
        what: `no gateway endpoint for ${service} on ${missing.length} of ${tables.length} private and isolated route tables${jobs}`,
    }];
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
