import { expect } from "chai";
import { ChildValue } from "../../../../automation/engine/provider.ts";
import type { ChildRequest, ComponentOutputs, PropertyMap, PropertyValue, RegisteredChild } from "../../../../automation/engine/provider.ts";
import { awsxVpc } from "../../../../automation/rehearsal/handlers/awsxVpc.ts";

/** The arguments with which the package was recorded. */
const RECORDED_ARGUMENTS: PropertyMap = {
    cidrBlock: "10.20.0.0/16", numberOfAvailabilityZones: 2, enableDnsHostnames: true, enableDnsSupport: true, subnetStrategy: "Exact",
    natGateways: { strategy: "Single" }, tags: { app: "x" },
    subnetSpecs: [
        { type: "Private", cidrBlocks: ["10.20.0.0/18", "10.20.128.0/18"] },
        { type: "Public", cidrBlocks: ["10.20.64.0/19", "10.20.192.0/19"] },
        { type: "Isolated", cidrBlocks: ["10.20.96.0/19", "10.20.224.0/19"] },
    ],
};

const THREE_ZONES: PropertyMap = {
    ...RECORDED_ARGUMENTS, numberOfAvailabilityZones: 3,
    subnetSpecs: [
        { type: "Private", cidrBlocks: ["10.20.0.0/18", "10.20.128.0/19", "10.20.192.0/19"] },
        { type: "Public", cidrBlocks: ["10.20.64.0/19", "10.20.160.0/20", "10.20.224.0/20"] },
        { type: "Isolated", cidrBlocks: ["10.20.96.0/19", "10.20.176.0/20", "10.20.240.0/20"] },
    ],
};

/** A row of the recording: kind and name, parent as `kind name`, inputs without tags, the tags without `app`. */
type Row = readonly [child: string, parent: string, inputs: PropertyMap, tags?: PropertyMap];

const subnetRow = (kind: string, zone: number, letter: string, cidrBlock: string): Row => [
    `Subnet net-${kind}-${zone}`, "Vpc net",
    { vpcId: "Vpc net", availabilityZone: `us-east-1${letter}`, cidrBlock, mapPublicIpOnLaunch: kind === "public", assignIpv6AddressOnCreation: false },
    { Name: `net-${kind}-${zone}`, SubnetType: kind.charAt(0).toUpperCase() + kind.slice(1) },
];

const tableRows = (kind: string, zone: number): readonly Row[] => {
    const name = `net-${kind}-${zone}`;
    return [
        [`RouteTable ${name}`, `Subnet ${name}`, { vpcId: "Vpc net" }, { Name: name, SubnetType: kind.charAt(0).toUpperCase() + kind.slice(1) }],
        [`RouteTableAssociation ${name}`, `RouteTable ${name}`, { routeTableId: `RouteTable ${name}`, subnetId: `Subnet ${name}` }],
    ];
};

const gatewayRows = (zone: number): readonly Row[] => [
    [`Eip net-${zone}`, `Subnet net-public-${zone}`, {}, { Name: `net-${zone}` }],
    [`NatGateway net-${zone}`, `Subnet net-public-${zone}`, { subnetId: `Subnet net-public-${zone}`, allocationId: `Eip net-${zone}` }, { Name: `net-${zone}` }],
];

const routeRow = (kind: string, zone: number, target: PropertyMap): Row => [
    `Route net-${kind}-${zone}`, `RouteTable net-${kind}-${zone}`, { routeTableId: `RouteTable net-${kind}-${zone}`, destinationCidrBlock: "0.0.0.0/0", ...target },
];

/** What the package made of the recorded arguments, without what depends on NAT. */
const RECORDED: readonly Row[] = [
    ["Vpc net", "the component", { cidrBlock: "10.20.0.0/16", enableDnsHostnames: true, enableDnsSupport: true }, { Name: "net" }],
    ["InternetGateway net", "Vpc net", { vpcId: "Vpc net" }, { Name: "net" }],
    subnetRow("public", 1, "a", "10.20.64.0/19"), subnetRow("private", 1, "a", "10.20.0.0/18"), subnetRow("isolated", 1, "a", "10.20.96.0/19"),
    subnetRow("public", 2, "b", "10.20.192.0/19"), subnetRow("private", 2, "b", "10.20.128.0/18"), subnetRow("isolated", 2, "b", "10.20.224.0/19"),
    ...["public", "private", "isolated"].flatMap((kind) => [...tableRows(kind, 1), ...tableRows(kind, 2)]),
    routeRow("public", 1, { gatewayId: "InternetGateway net" }), routeRow("public", 2, { gatewayId: "InternetGateway net" }),
];

interface Expansion { readonly rows: readonly Row[]; readonly outputs: ComponentOutputs }

async function expand(inputs: PropertyMap): Promise<Expansion> {
    const rows: Row[] = [];
    const outputs = await awsxVpc.construct({
        name: "net", inputs,
        invoke: async () => ({ names: ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] }),
        register: async (child) => {
            rows.push(describeChild(child));
            const id = nameChild(child);
            return { urn: `urn of ${id}`, id, outputs: { allocationId: id } };
        },
    });
    return { rows, outputs };
}

function nameChild({ type, name }: ChildRequest): string {
    return `${type.split(":")[2]} ${name}`;
}

function describeChild(child: ChildRequest): Row {
    const values = Object.fromEntries(Object.entries(child.inputs).map(([name, value]) => [name, value instanceof ChildValue ? idOf(value) : value]));
    const { tags, ...inputs } = values as PropertyMap & { readonly tags?: PropertyMap };
    const { app, ...names } = tags ?? {};
    if (tags !== undefined) expect(app, nameChild(child)).to.equal("x");
    const parent = child.parent === undefined ? "the component" : String(child.parent.id);
    return tags === undefined ? [nameChild(child), parent, inputs] : [nameChild(child), parent, inputs, names];
}

function idOf(value: unknown): string {
    const { child } = value as ChildValue;
    return String((child satisfies RegisteredChild).id);
}

/** Rows in any order, since siblings are made side by side. */
function sorted(rows: readonly Row[]): readonly Row[] {
    return [...rows].sort(([left], [right]) => (left < right ? -1 : 1));
}

const natted = (strategy: string): PropertyMap => ({ ...RECORDED_ARGUMENTS, natGateways: { strategy } });

describe("awsx.ec2.Vpc, expanded", () => {
    it("makes what the package was recorded to make, with one NAT gateway", async () => {
        const { rows } = await expand(RECORDED_ARGUMENTS);
        const natGateways = [routeRow("private", 1, { natGatewayId: "NatGateway net-1" }), routeRow("private", 2, { natGatewayId: "NatGateway net-1" })];
        expect(sorted(rows)).to.deep.equal(sorted([...RECORDED, ...gatewayRows(1), ...natGateways]));
    });

    it("makes a gateway for each zone, and lets each private table use its own", async () => {
        const { rows } = await expand(natted("OnePerAz"));
        const natGateways = [routeRow("private", 1, { natGatewayId: "NatGateway net-1" }), routeRow("private", 2, { natGatewayId: "NatGateway net-2" })];
        expect(sorted(rows)).to.deep.equal(sorted([...RECORDED, ...gatewayRows(1), ...gatewayRows(2), ...natGateways]));
    });

    it("makes neither gateway nor private route without NAT", async () => {
        const { rows } = await expand(natted("None"));
        expect(sorted(rows)).to.deep.equal(sorted(RECORDED));
    });

    for (const [strategy, gateways] of [["None", 0], ["Single", 1], ["OnePerAz", 3]] as const) {
        it(`spreads over three zones, NAT ${strategy}`, async () => {
            const { rows } = await expand({ ...THREE_ZONES, natGateways: { strategy } });
            const count = (kind: string): number => rows.filter(([child]) => child.startsWith(`${kind} `)).length;
            expect({ subnets: count("Subnet"), tables: count("RouteTable"), gateways: count("NatGateway"), routes: count("Route") })
                .to.deep.equal({ subnets: 9, tables: 9, gateways, routes: gateways === 0 ? 3 : 6 });
            expect(rows.find(([child]) => child === "Subnet net-isolated-3")?.[2]).to.include({ cidrBlock: "10.20.240.0/20", availabilityZone: "us-east-1c" });
        });
    }

    it("gives route tables and subnets side by side, and ids zone by zone", async () => {
        const { outputs } = await expand(RECORDED_ARGUMENTS);
        const idsOf = (name: string): string[] => (outputs[name] as readonly ChildValue[]).map(idOf);
        expect(idsOf("subnets").map((id) => id.replace("Subnet", "RouteTable"))).to.deep.equal(idsOf("routeTables"));
        expect(idsOf("isolatedSubnetIds")).to.deep.equal(["Subnet net-isolated-1", "Subnet net-isolated-2"]);
        expect((outputs["vpcId"] as ChildValue).property).to.equal("id");
        expect((outputs["vpc"] as ChildValue).property).to.equal(undefined);
    });

    const REFUSED: readonly (readonly [string, PropertyMap, string])[] = [
        ["an argument that it does not know", { ipv4IpamPoolId: "pool" }, "ipv4IpamPoolId"],
        ["a nested one", { natGateways: { strategy: "Single", elasticIpAllocationIds: ["eipalloc-1"] } }, "natGateways.elasticIpAllocationIds"],
        ["a subnet with a name", { subnetSpecs: [{ type: "Private", name: "mine", cidrBlocks: ["10.20.0.0/17", "10.20.128.0/17"] }] }, "subnetSpecs[0].name"],
        ["another strategy", { subnetStrategy: "Auto" }, "must be Exact"],
        ["a gap", { subnetSpecs: [{ type: "Private", cidrBlocks: ["10.20.0.0/18", "10.20.128.0/17"] }] }, "10.20.128.0/17 does not begin where"],
        ["an end that is left over", { subnetSpecs: [{ type: "Private", cidrBlocks: ["10.20.0.0/18", "10.20.64.0/18"] }] }, "to its end"],
        ["more zones than the region has", { ...THREE_ZONES, numberOfAvailabilityZones: 5, subnetSpecs: fiveZones() }, "has 4 zones, got 5"],
    ];
    for (const [title, change, words] of REFUSED) {
        it(`refuses ${title} by name`, async () => {
            const failure = await expand({ ...RECORDED_ARGUMENTS, ...change }).then(() => undefined, (error: Error) => error.message);
            expect(failure).to.include(words);
        });
    }
});

function fiveZones(): PropertyValue {
    return [{ type: "Private", cidrBlocks: ["10.20.0.0/18", "10.20.64.0/18", "10.20.128.0/18", "10.20.192.0/19", "10.20.224.0/19"] }];
}
