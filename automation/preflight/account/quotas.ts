/** Quotas of the account, by service. */
import { paginateListAWSDefaultServiceQuotas, paginateListServiceQuotas } from "@aws-sdk/client-service-quotas";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { AccountQuota } from "./accountView.ts";

/** The defaults, and over them what applies to this account: only quotas that were ever changed are in the second list. By name. */
export async function listQuotas(client: ServiceQuotasClient, service: string): Promise<ReadonlyMap<string, AccountQuota>> {
    const found = new Map<string, AccountQuota>();
    for (const [paginate, isDefault] of [[paginateListAWSDefaultServiceQuotas, true], [paginateListServiceQuotas, false]] as const) {
        for await (const { Quotas = [] } of paginate({ client }, { ServiceCode: service })) {
            for (const { QuotaName = "", Value } of Quotas) if (Value !== undefined) found.set(QuotaName, { value: Value, isDefault });
        }
    }
    return found;
}
