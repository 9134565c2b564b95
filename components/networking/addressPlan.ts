/** The address ranges of the subnets: they fill the VPC without a gap, as the strategy `Exact` wants it. */

/** By kind of subnet: one range per zone, in the order of the zones. */
export interface AddressPlan {
    readonly private: readonly string[];
    readonly public: readonly string[];
    readonly isolated: readonly string[];
}

/**
 * Half of a zone's range is private, a quarter public, a quarter isolated. Two zones share the VPC evenly; of three, the first has
 * half of it, since ranges are powers of two: so a third zone leaves the first one's subnets as they are.
 *
 * @param cidr IPv4 range of the VPC, e.g. `10.20.0.0/16`.
 */
export function planAddresses(cidr: string, zones: 2 | 3): AddressPlan {
    const ranges = splitIntoZones(parseRange(cidr), zones).map(splitZone);
    return {
        private: ranges.map((range) => range.private),
        public: ranges.map((range) => range.public),
        isolated: ranges.map((range) => range.isolated),
    };
}

interface AddressRange {
    /** As a number of 32 bits. */
    readonly first: number;
    /** Bits that are fixed. */
    readonly length: number;
}

function splitIntoZones(vpc: AddressRange, zones: 2 | 3): readonly AddressRange[] {
    const [lower, upper] = halve(vpc);
    return zones === 2 ? [lower, upper] : [lower, ...halve(upper)];
}

function splitZone(zone: AddressRange): { readonly private: string; readonly public: string; readonly isolated: string } {
    const [lower, upper] = halve(zone);
    const [third, fourth] = halve(upper);
    return { private: formatRange(lower), public: formatRange(third), isolated: formatRange(fourth) };
}

function halve({ first, length }: AddressRange): readonly [AddressRange, AddressRange] {
    return [{ first, length: length + 1 }, { first: first + 2 ** (31 - length), length: length + 1 }];
}

function parseRange(cidr: string): AddressRange {
    const [address = "", length = ""] = cidr.split("/");
    const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    return { first, length: Number(length) };
}

function formatRange({ first, length }: AddressRange): string {
    return `${[24, 16, 8, 0].map((bits) => Math.floor(first / 2 ** bits) % 256).join(".")}/${length}`;
}
