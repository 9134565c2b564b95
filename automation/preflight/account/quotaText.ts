/** How findings speak of quotas. */
import type { AccountQuota } from "./accountView.ts";

/** `4 (what every account has)` */
export function describeQuota({ value, isDefault }: AccountQuota): string {
    return `${value} (${isDefault ? "what every account has" : "set for this account"})`;
}

/** For the end of a fix: why a finding about a quota only warns. */
export const QUOTAS_LAG = "Service Quotas may tell of a granted increase some minutes late";
