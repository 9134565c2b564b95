/** Leads one resource through its life against a cloud, and says where the cloud differs from what was asked. */
import { expect } from "chai";
import {
    FileReference, UNKNOWN, type ObservedState, type PropertyMap, type PropertyValue, type Provider, type ResourceHandler,
    type ResourceState, type ResourceTable,
} from "../../../../automation/engine/provider.ts";
import { readSdkClass } from "./sdkDeclarations.ts";

/** Leaves by path without indices; several leaves of one path are listed. */
function leaves(value: PropertyValue, path: string, table: ResourceTable): [string, PropertyValue][] {
    if (table.inputs[path]?.free === true || value === null || typeof value !== "object" || value instanceof FileReference) return [[path, value]];
    if (Array.isArray(value)) return value.flatMap((item: PropertyValue) => leaves(item, path, table));
    return Object.entries(value as PropertyMap).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`, table));
}

function group(inputs: PropertyMap, table: ResourceTable): Record<string, PropertyValue[]> {
    const groups: Record<string, PropertyValue[]> = {};
    for (const [path, value] of leaves(inputs, "", table)) (groups[path] ??= []).push(value);
    return groups;
}

/** Fails when a leaf, asked or reported, is unknown to the table, or when an applied one is not what the cloud reports. */
export async function expectReadBack(handler: ResourceHandler, state: ResourceState, inputs: PropertyMap): Promise<void> {
    const observed = await handler.read({ urn: "urn", id: state.id, inputs, outputs: state.outputs });
    expect(observed, `${handler.table.type} exists`).not.to.equal(undefined);
    const actual = group(observed!.inputs, handler.table);
    expect(Object.keys(actual).filter((path) => !(path in handler.table.inputs)), `${handler.table.type} reports inputs that its table lacks`).to.deep.equal([]);
    for (const [path, asked] of Object.entries(group(inputs, handler.table))) {
        expect(handler.table.inputs, `${handler.table.type} ${path}`).to.have.property(path);
        if (handler.table.inputs[path]?.effect === "applied") expect(actual[path], `${handler.table.type} ${path}`).to.deep.equal(asked);
    }
}

/** Everything that was predicted as known came true. */
export async function expectPrediction(handler: ResourceHandler, state: ResourceState, inputs: PropertyMap): Promise<void> {
    const predicted = await handler.predict({ urn: "urn", name: "example", inputs });
    if (predicted.id !== UNKNOWN) expect(state.id, `${handler.table.type} id`).to.equal(predicted.id);
    for (const [name, value] of Object.entries(predicted.outputs)) {
        if (value !== UNKNOWN) expect(state.outputs[name], `${handler.table.type} ${name}`).to.deep.equal(value);
    }
}

/** Outputs that the SDK declares as always present and that a handler leaves out; its comment says why. */
const ABSENT_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
    "aws:budgets/budget:Budget": ["costTypes"],
    "aws:dynamodb/table:Table": ["globalTableWitness", "warmThroughput"],
    "aws:ec2/natGateway:NatGateway": [
        "associationId", "autoProvisionZones", "autoScalingIps", "networkInterfaceId", "privateIp", "regionalNatGatewayAddresses",
        "regionalNatGatewayAutoMode", "routeTableId",
    ],
    "aws:ec2/securityGroup:SecurityGroup": ["egress", "ingress"],
    "aws:ec2/vpcEndpoint:VpcEndpoint": ["dnsEntries", "dnsOptions", "networkInterfaceIds", "subnetConfigurations"],
    "aws:iam/role:Role": ["inlinePolicies", "managedPolicyArns"],
    // Of sources that are Kafka's.
    "aws:lambda/eventSourceMapping:EventSourceMapping": ["amazonManagedKafkaEventSourceConfig", "selfManagedKafkaEventSourceConfig"],
    "aws:s3/bucket:Bucket": [
        "acl", "bucketNamespace", "corsRules", "grants", "hostedZoneId", "lifecycleRules", "logging", "objectLockConfiguration", "policy",
        "replicationConfiguration", "serverSideEncryptionConfiguration", "versioning", "website", "websiteDomain", "websiteEndpoint",
    ],
    "aws:sagemaker/model:Model": ["inferenceExecutionConfig"],
};

/** What the provider computes is there. Inputs that were not given are another matter: the provider fills some defaults, a handler does not. */
export function expectPresentOutputs({ table }: ResourceHandler, state: ResourceState): void {
    const inputNames = new Set(Object.keys(table.inputs).map((leaf) => leaf.split(".")[0]));
    const missing = readSdkClass(table.type).presentOutputs.filter((name) => !(name in state.outputs) && !inputNames.has(name));
    expect(missing, `${table.type} outputs`).to.have.members(ABSENT_OUTPUTS[table.type] ?? []);
}

export interface Life {
    readonly handler: ResourceHandler;
    readonly state: ResourceState;
    update(inputs: PropertyMap): Promise<ResourceState>;
    /** Deletes it, and says what the cloud then reports. */
    remove(): Promise<ObservedState | undefined>;
    /** Deletes it twice: it is gone after the first, and the second is no error. */
    end(): Promise<void>;
}

/** Creates the resource and checks it; the answer goes on with its life. */
export async function begin(provider: Provider, type: string, inputs: PropertyMap): Promise<Life> {
    const handler = provider.resources.get(type);
    if (handler === undefined) throw new Error(`no handler for ${type}`);
    let current = inputs;
    let state = await handler.create({ urn: "urn", name: "example", inputs });
    const check = async (): Promise<void> => {
        await expectReadBack(handler, state, current);
        await expectPrediction(handler, state, current);
        expectPresentOutputs(handler, state);
    };
    const remove = async (): Promise<ObservedState | undefined> => {
        const request = { urn: "urn", id: state.id, inputs: current, outputs: { ...current, ...state.outputs } };
        await handler.delete(request);
        return handler.read(request);
    };
    await check();
    return {
        handler,
        get state() { return state; },
        async update(changed) {
            state = await handler.update!({
                urn: "urn", name: "example", id: state.id, inputs: changed, oldInputs: current, oldOutputs: { ...current, ...state.outputs },
            });
            current = changed;
            await check();
            return state;
        },
        remove,
        async end() {
            expect(await remove(), `${type} is gone`).to.equal(undefined);
            await remove();
        },
    };
}
