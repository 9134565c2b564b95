/** What every component of one stack shares. */
import type { Naming } from "./naming.ts";

/** Where the stack is deployed. Read from the account, never written down. */
export interface Location {
    /** `aws`, `aws-cn`, `aws-us-gov`, ... */
    readonly partition: string;
    /** `amazonaws.com` or the partition's own. */
    readonly dnsSuffix: string;
    readonly region: string;
    /** 12 digits. */
    readonly accountId: string;
}

export interface PlatformContext {
    readonly naming: Naming;
    readonly location: Location;
    /** On every resource that can carry tags. */
    readonly tags: Readonly<Record<string, string>>;
    /** Days; one of CloudWatch's values. */
    readonly logRetentionDays: number;
    /** Whether buckets are emptied and tables unprotected on destroy. */
    readonly destroyData: boolean;
}
