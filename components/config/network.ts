/** The section `network`: of the VPC, which exists only when a part needs it. */
import { interfaceServices, isInterfaceService } from "../facts/vpcEndpoints.ts";
import type { InterfaceService } from "../facts/vpcEndpoints.ts";
import type { SectionReader } from "./sectionReader.ts";
import { presetDefaults } from "./presets.ts";
import type { Preset } from "./presets.ts";

export type NatMode = "none" | "single" | "one-per-zone";

export interface NetworkConfig {
    /** `auto`: exactly when a switched-on part needs it, e.g. `training.private`. @default "auto" */
    readonly vpc: "auto" | "on";
    /** Availability zones. @default by preset: 2, 2, 3 */
    readonly zones: 2 | 3;
    /** IPv4 range of the VPC, /16 to /20. @default "10.20.0.0/16" */
    readonly cidr: string;
    /** Ways out for the private subnets. @default by preset: none, single, one-per-zone */
    readonly nat: NatMode;
    /** Services to reach through interface endpoints beside those that switched-on parts need, e.g. `secretsmanager`. @default [] */
    readonly interfaceEndpoints: readonly InterfaceService[];
}

export function parseNetwork(section: SectionReader, preset: Preset): NetworkConfig {
    const defaults = presetDefaults[preset];
    const network: NetworkConfig = {
        vpc: section.choice("vpc", ["auto", "on"]) ?? "auto",
        zones: (section.numberOf("zones", [2, 3]) as 2 | 3 | undefined) ?? defaults.zones,
        cidr: parseCidr(section),
        nat: section.choice("nat", ["none", "single", "one-per-zone"]) ?? defaults.nat,
        interfaceEndpoints: parseInterfaceEndpoints(section),
    };
    section.finish();
    return network;
}

function parseInterfaceEndpoints(section: SectionReader): readonly InterfaceService[] {
    const names = section.texts("interfaceEndpoints") ?? [];
    const fix = `write some of ${Object.keys(interfaceServices).join(", ")}`;
    for (const name of names.filter((text) => !isInterfaceService(text))) {
        section.refuse("interfaceEndpoints", `must name services that have an interface endpoint here, got ${JSON.stringify(name)}`, fix);
    }
    return names.filter(isInterfaceService);
}

function parseCidr(section: SectionReader): string {
    const cidr = section.text("cidr") ?? "10.20.0.0/16";
    const fault = findCidrFault(cidr);
    if (fault !== undefined) section.refuse("cidr", `${fault}, got ${JSON.stringify(cidr)}`, "write something like 10.20.0.0/16");
    return cidr;
}

/** Private ranges of RFC 1918; a subnet of a /20 still holds 250 addresses. */
function findCidrFault(cidr: string): string | undefined {
    const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
    if (match === null) return "must be an IPv4 range";
    const [first = 0, second = 0, third = 0, fourth = 0, length = 0] = match.slice(1).map(Number);
    if ([first, second, third, fourth].some((octet) => octet > 255)) return "must be an IPv4 range";
    if (length < 16 || length > 20) return "must be from /16 to /20";
    if (((first * 2 ** 24 + second * 2 ** 16 + third * 2 ** 8 + fourth) % 2 ** (32 - length)) !== 0) {
        return "must begin at the start of its range";
    }
    const isPrivate = first === 10 || (first === 172 && second >= 16 && second <= 31) || (first === 192 && second === 168);
    return isPrivate ? undefined : "must be a private range (10/8, 172.16/12, 192.168/16)";
}
