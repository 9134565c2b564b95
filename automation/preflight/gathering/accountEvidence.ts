/** What of the evidence only an account can give. */
import type { Evidence } from "../rule.ts";

export type AccountEvidence = Pick<Evidence, "approved" | "artifact" | "models" | "account" | "absent">;

/** None of it, and why. */
export function withoutAccount(because: string): AccountEvidence {
    return { absent: { account: because, models: because, artifact: because, approved: because } };
}
