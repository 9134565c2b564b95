/** Where resources live: account and region, and the names that follow from the region's partition. */

export interface Place {
    readonly accountId: string;
    readonly region: string;
    /** `aws`, `aws-cn`, `aws-us-gov`. */
    readonly partition: string;
    /** Domain under which the partition's services answer, without a leading dot. */
    readonly dnsSuffix: string;
    /** `dnsSuffix` reversed, as in VPC endpoint service names. */
    readonly reverseDnsPrefix: string;
}

interface Partition { readonly name: string; readonly regionPrefix: string; readonly dnsSuffix: string }

/** Source: `partitions.json` of the AWS SDKs. The first whose prefix fits wins, so the catch-all comes last. */
const PARTITIONS: readonly Partition[] = [
    { name: "aws-cn", regionPrefix: "cn-", dnsSuffix: "amazonaws.com.cn" },
    { name: "aws-us-gov", regionPrefix: "us-gov-", dnsSuffix: "amazonaws.com" },
    { name: "aws-eusc", regionPrefix: "eusc-", dnsSuffix: "amazonaws.eu" },
    { name: "aws", regionPrefix: "", dnsSuffix: "amazonaws.com" },
];

/** Derives the partition and its domain from the region, unless the caller knows the partition better. */
export function describePlace(given: { accountId: string; region: string; partition?: string | undefined }): Place {
    const fits = (partition: Partition): boolean =>
        given.partition === undefined ? given.region.startsWith(partition.regionPrefix) : partition.name === given.partition;
    const found = PARTITIONS.find(fits);
    if (found === undefined) {
        throw new Error(`partition "${given.partition}" is not known; known are ${PARTITIONS.map(({ name }) => name).join(", ")}`);
    }
    return {
        accountId: given.accountId,
        region: given.region,
        partition: found.name,
        dnsSuffix: found.dnsSuffix,
        reverseDnsPrefix: found.dnsSuffix.split(".").reverse().join("."),
    };
}
