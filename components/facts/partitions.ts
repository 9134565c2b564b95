/**
 * Partitions of AWS: which regions they hold and what their host names end in. Read on 2026-11-21 from botocore 1.43.106,
 * data/partitions.json. The program itself asks the account; this table is for what is judged offline.
 */
export interface PartitionFacts {
    readonly partition: string;
    readonly dnsSuffix: string;
    /** Matches the partition's regions. */
    readonly regions: RegExp;
}

export const partitions: readonly PartitionFacts[] = [
    { partition: "aws", dnsSuffix: "amazonaws.com", regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/ },
    { partition: "aws-cn", dnsSuffix: "amazonaws.com.cn", regions: /^cn-[a-z]+-\d+$/ },
    { partition: "aws-us-gov", dnsSuffix: "amazonaws.com", regions: /^us-gov-[a-z]+-\d+$/ },
    { partition: "aws-eusc", dnsSuffix: "amazonaws.eu", regions: /^eusc-de-[a-z]+-\d+$/ },
    { partition: "aws-iso", dnsSuffix: "c2s.ic.gov", regions: /^us-iso-[a-z]+-\d+$/ },
    { partition: "aws-iso-b", dnsSuffix: "sc2s.sgov.gov", regions: /^us-isob-[a-z]+-\d+$/ },
    { partition: "aws-iso-e", dnsSuffix: "cloud.adc-e.uk", regions: /^eu-isoe-[a-z]+-\d+$/ },
    { partition: "aws-iso-f", dnsSuffix: "csp.hci.ic.gov", regions: /^us-isof-[a-z]+-\d+$/ },
];

/** The partition that a region belongs to. Throws for a text that is no region of any. */
export function findPartition(region: string): PartitionFacts {
    const found = partitions.find(({ regions }) => regions.test(region));
    if (found === undefined) {
        throw new Error(`aws:region must be a region of AWS, got ${JSON.stringify(region)}; fix: write something like eu-central-1`);
    }
    return found;
}
