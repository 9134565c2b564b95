/** The arguments of `awsx:ec2:Vpc` that this program uses, checked as the package checks them. */
import type { ConstructRequest, PropertyMap } from "../../engine/provider.ts";
import { amount, flag, map, maps, requiredText, text, textMap, texts } from "./inputs.ts";

export type SubnetKind = "Public" | "Private" | "Isolated";

/** A subnet that is to be made. */
export interface ZoneSubnet {
    readonly name: string;
    readonly kind: SubnetKind;
    readonly zone: string;
    /** From 1. */
    readonly zoneNumber: number;
    readonly cidrBlock: string;
}

export interface VpcArguments {
    readonly cidrBlock: string;
    readonly zoneCount: number;
    readonly enableDnsHostnames: boolean;
    readonly enableDnsSupport: boolean;
    readonly natStrategy: "None" | "Single" | "OnePerAz";
    readonly tags: Readonly<Record<string, string>>;
    /** The subnets of one kind in one zone; `index` counts zones from 0. */
    subnetsOf(kind: SubnetKind, zone: string, index: number): readonly ZoneSubnet[];
}

interface SubnetSpec { readonly type: SubnetKind; readonly cidrBlocks: readonly string[] }

/** The arguments that are expanded. */
export const VPC_ARGUMENTS: readonly string[] = [
    "cidrBlock", "numberOfAvailabilityZones", "enableDnsHostnames", "enableDnsSupport", "subnetStrategy", "subnetSpecs", "natGateways", "tags",
];

/** @throws naming every argument that is not expanded here, or the first that has a wrong value. */
export function readVpcArguments({ name, inputs }: ConstructRequest): VpcArguments {
    const unknown = [...Object.keys(inputs).filter((argument) => !VPC_ARGUMENTS.includes(argument)), ...findNested(inputs)];
    if (unknown.length > 0) throw new Error(`awsx:ec2:Vpc is not expanded for ${unknown.join(", ")}; remove it, or extend the expansion`);
    if (text(inputs, "subnetStrategy") !== "Exact") throw new Error("subnetStrategy: must be Exact, the only one that is expanded here");
    const cidrBlock = requiredText(inputs, "cidrBlock");
    const zoneCount = amount(inputs, "numberOfAvailabilityZones") ?? 3;
    const specs = readSpecs(inputs, zoneCount);
    refuseGaps(cidrBlock, specs, zoneCount);
    return {
        cidrBlock, zoneCount,
        enableDnsHostnames: flag(inputs, "enableDnsHostnames") ?? false,
        enableDnsSupport: flag(inputs, "enableDnsSupport") ?? true,
        natStrategy: readNatStrategy(inputs),
        tags: textMap(inputs, "tags") ?? {},
        subnetsOf: (kind, zone, index) => specs.filter(({ type }) => type === kind).map((spec) => ({
            name: `${name}-${kind.toLowerCase()}-${index + 1}`, kind, zone, zoneNumber: index + 1, cidrBlock: spec.cidrBlocks[index] ?? "",
        })),
    };
}

function findNested(inputs: PropertyMap): string[] {
    const extra = (prefix: string, value: PropertyMap, known: readonly string[]): string[] =>
        Object.keys(value).filter((key) => !known.includes(key)).map((key) => `${prefix}.${key}`);
    return [
        ...extra("natGateways", map(inputs, "natGateways") ?? {}, ["strategy"]),
        ...(maps(inputs, "subnetSpecs") ?? []).flatMap((spec, index) => extra(`subnetSpecs[${index}]`, spec, ["type", "cidrBlocks"])),
    ];
}

function readNatStrategy(inputs: PropertyMap): VpcArguments["natStrategy"] {
    const strategy = text(map(inputs, "natGateways") ?? {}, "strategy") ?? "OnePerAz";
    if (strategy === "None" || strategy === "Single" || strategy === "OnePerAz") return strategy;
    throw new Error(`natGateways.strategy: must be None, Single or OnePerAz, got ${strategy}`);
}

function readSpecs(inputs: PropertyMap, zoneCount: number): readonly SubnetSpec[] {
    const specs = (maps(inputs, "subnetSpecs") ?? []).map((spec): SubnetSpec => {
        const type = requiredText(spec, "type");
        if (!isKind(type)) throw new Error(`subnetSpecs: type must be Public, Private or Isolated, got ${type}`);
        const cidrBlocks = texts(spec, "cidrBlocks") ?? [];
        if (cidrBlocks.length !== zoneCount) throw new Error(`subnetSpecs: ${type} must have ${zoneCount} ranges, one a zone, got ${cidrBlocks.length}`);
        return { type, cidrBlocks };
    });
    const types = specs.map(({ type }) => type);
    const isRepeated = types.length === 0 || new Set(types).size !== types.length;
    if (isRepeated) throw new Error(`subnetSpecs: must have at least one type, each at most once, got ${types.join(", ")}`);
    return specs;
}

function isKind(type: string): type is SubnetKind {
    return type === "Public" || type === "Private" || type === "Isolated";
}

/** `Exact`: zone by zone, in the order of the specs, the ranges follow each other and fill the VPC. */
function refuseGaps(cidrBlock: string, specs: readonly SubnetSpec[], zoneCount: number): void {
    const vpc = readRange(cidrBlock);
    let next = vpc.first;
    for (let zone = 0; zone < zoneCount; zone++) {
        for (const { type, cidrBlocks } of specs) {
            const range = readRange(cidrBlocks[zone] ?? "");
            if (range.first !== next) throw new Error(`subnetSpecs: ${type} ${cidrBlocks[zone]} does not begin where the range before it ends`);
            next = range.end;
        }
    }
    if (next !== vpc.end) throw new Error(`subnetSpecs: the ranges must fill ${cidrBlock} to its end`);
}

function readRange(cidrBlock: string): { readonly first: number; readonly end: number } {
    const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidrBlock);
    if (match === null) throw new Error(`subnetSpecs: must be IPv4 ranges, got ${JSON.stringify(cidrBlock)}`);
    const [a = 0, b = 0, c = 0, d = 0, length = 0] = match.slice(1).map(Number);
    const first = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
    return { first, end: first + 2 ** (32 - length) };
}
