/** The rehearsal cloud: an AWS account on this machine, as far as it goes. */
import type { AwsTarget } from "../../aws.ts";

/** A call that reached the cloud; equal calls are one record. */
export interface UsageRecord {
    /** IAM action, e.g. `s3:GetObject`. */
    readonly action: string;
    /** ARN of the resource, or `*`. */
    readonly resource: string;
    /** ARN of the calling principal: a role, or the account root for the driver and the engine. */
    readonly principal: string;
    readonly allowed: boolean;
    /** How often it came. @default 1 */
    readonly count?: number;
}

/** Something the cloud does not enforce, shown in the report. */
export interface EnforcementGap {
    readonly what: string;
    /** What stands in for it: a static rule's id, or nothing. */
    readonly coveredBy?: string;
}

export interface Cloud {
    readonly target: AwsTarget;
    readonly accountId: string;
    /** Every call since the start. */
    usage(): Promise<readonly UsageRecord[]>;
    /** ARNs (or `service:kind/name`) of everything that exists in the account. Empty after a clean teardown. */
    inventory(): Promise<readonly string[]>;
    readonly enforcementGaps: readonly EnforcementGap[];
    /** Peak resident memory in MiB of the cloud and its children. */
    peakMemoryMiB(): Promise<number>;
    stop(): Promise<void>;
}

export interface CloudOptions {
    readonly region: string;
    /** Folder of this run: state, logs, temporary files. */
    readonly folder: string;
    /** Path of the Python interpreter in the prepared environment. */
    readonly python: string;
    readonly onLog?: (line: string) => void;
    /** Seconds that a second of waiting takes in a state machine; timeouts count it in full all the same. @default 0.05 */
    readonly waitScale?: number;
}
