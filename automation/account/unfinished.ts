/** Resources that take their time: one that a killed run began is waited for, and one that cannot become anything is deleted. */
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { DeleteNatGatewayCommand, DeleteVpcEndpointsCommand, DescribeNatGatewaysCommand, DescribeVpcEndpointsCommand } from "@aws-sdk/client-ec2";
import { DescribeStreamSummaryCommand } from "@aws-sdk/client-kinesis";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { DeleteEndpointCommand, DescribeEndpointCommand, ListTagsCommand } from "@aws-sdk/client-sagemaker";
import type { PropertyMap } from "../engine/provider.ts";
import type { AccountClients } from "./clients.ts";
import { isOwnedBy, knownText, readTags, unless } from "./identities/lookup.ts";
import type { ResourceOwner } from "./ownedResource.ts";

/** `busy`: it will be something else by itself. `useless`: it must be deleted before one like it can be made. */
export type Progress = "busy" | "useless" | "settled";

export interface Unfinished {
    readonly type: string;
    /** How far a resource is that a create with these inputs would have made. What does not exist, or is not ours, is settled. */
    look(inputs: PropertyMap, clients: AccountClients, owner: ResourceOwner): Promise<Progress>;
    /** Deletes what is useless. Absent where nothing ever is. */
    remove?(inputs: PropertyMap, clients: AccountClients, owner: ResourceOwner): Promise<void>;
}

function named(status: (name: string, clients: AccountClients) => Promise<string | undefined>, busy: readonly string[]): Unfinished["look"] {
    return async (inputs, clients) => {
        const name = knownText(inputs, "name");
        const found = name === undefined ? undefined : await unless(["ResourceNotFoundException"], () => status(name, clients));
        return found !== undefined && busy.includes(found) ? "busy" : "settled";
    };
}

const BUSY_STORE = ["CREATING", "UPDATING", "DELETING"];

const table: Unfinished = {
    type: "aws:dynamodb/table:Table",
    look: named(async (TableName, { aws }) => (await aws.dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus, BUSY_STORE),
};

const stream: Unfinished = {
    type: "aws:kinesis/stream:Stream",
    look: named(async (StreamName, { aws }) => {
        const { StreamDescriptionSummary } = await aws.kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
        return StreamDescriptionSummary?.StreamStatus;
    }, BUSY_STORE),
};

const lambdaFunction: Unfinished = {
    type: "aws:lambda/function:Function",
    look: named(async (FunctionName, { aws }) => (await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).State, ["Pending"]),
};

const BUSY_ENDPOINT: readonly (string | undefined)[] = ["Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"];

/** Nothing can be done with a failed endpoint but delete it (F02), and its name is free only when it is gone. */
const endpoint: Unfinished = {
    type: "aws:sagemaker/endpoint:Endpoint",
    async look(inputs, { aws: { sagemaker } }, owner) {
        const EndpointName = knownText(inputs, "name");
        const found = await sagemaker.send(new DescribeEndpointCommand({ EndpointName })).catch((error: unknown) => {
            if (error instanceof Error && /could not find/i.test(error.message)) return undefined;
            throw error;
        });
        if (found === undefined) return "settled";
        if (BUSY_ENDPOINT.includes(found.EndpointStatus)) return "busy";
        if (found.EndpointStatus !== "Failed") return "settled";
        const { Tags } = await sagemaker.send(new ListTagsCommand({ ResourceArn: found.EndpointArn }));
        return isOwnedBy(readTags(Tags), owner) ? "useless" : "settled";
    },
    async remove(inputs, { aws }) {
        await aws.sagemaker.send(new DeleteEndpointCommand({ EndpointName: knownText(inputs, "name") }));
    },
};

/** Those in the subnet that carry the stack's tags. */
async function listGateways(inputs: PropertyMap, { ec2 }: AccountClients, owner: ResourceOwner, state: string): Promise<readonly string[]> {
    const subnetId = knownText(inputs, "subnetId");
    if (subnetId === undefined) return [];
    const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({ Filter: [{ Name: "subnet-id", Values: [subnetId] }] }));
    const meant = NatGateways.filter(({ SubnetId, State, Tags }) => SubnetId === subnetId && State === state && isOwnedBy(readTags(Tags), owner));
    return meant.map(({ NatGatewayId = "" }) => NatGatewayId);
}

const natGateway: Unfinished = {
    type: "aws:ec2/natGateway:NatGateway",
    async look(inputs, clients, owner) {
        if ((await listGateways(inputs, clients, owner, "failed")).length > 0) return "useless";
        const busy = await Promise.all(["pending", "deleting"].map((state) => listGateways(inputs, clients, owner, state)));
        return busy.flat().length > 0 ? "busy" : "settled";
    },
    async remove(inputs, clients, owner) {
        for (const NatGatewayId of await listGateways(inputs, clients, owner, "failed")) {
            await clients.ec2.send(new DeleteNatGatewayCommand({ NatGatewayId }));
        }
    },
};

/** @param states in small letters: EC2 writes them in capitals now and then */
async function listEndpoints(inputs: PropertyMap, { ec2 }: AccountClients, owner: ResourceOwner, states: readonly string[]): Promise<readonly string[]> {
    const vpcId = knownText(inputs, "vpcId");
    const serviceName = knownText(inputs, "serviceName");
    if (vpcId === undefined || serviceName === undefined) return [];
    const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] }));
    const meant = VpcEndpoints.filter(({ VpcId, ServiceName }) => VpcId === vpcId && ServiceName === serviceName);
    return meant.filter(({ State = "", Tags }) => states.includes(State.toLowerCase()) && isOwnedBy(readTags(Tags), owner)).map(({ VpcEndpointId = "" }) => VpcEndpointId);
}

const vpcEndpoint: Unfinished = {
    type: "aws:ec2/vpcEndpoint:VpcEndpoint",
    async look(inputs, clients, owner) {
        if ((await listEndpoints(inputs, clients, owner, ["failed"])).length > 0) return "useless";
        return (await listEndpoints(inputs, clients, owner, ["pending", "deleting"])).length > 0 ? "busy" : "settled";
    },
    async remove(inputs, clients, owner) {
        const VpcEndpointIds = await listEndpoints(inputs, clients, owner, ["failed"]);
        if (VpcEndpointIds.length > 0) await clients.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [...VpcEndpointIds] }));
    },
};

/** By type token. A type that is not here exists as soon as its create is answered, or not at all. */
export const unfinishedTypes: ReadonlyMap<string, Unfinished> = new Map(
    [table, stream, lambdaFunction, endpoint, natGateway, vpcEndpoint].map((entry) => [entry.type, entry]),
);
