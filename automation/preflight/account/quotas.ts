/** Quotas of the account, by service. */
import { paginateListAWSDefaultServiceQuotas, paginateListServiceQuotas } from "@aws-sdk/client-service-quotas";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { AccountQuota } from "./accountView.ts";

/** By name. What applies to the account goes before what everybody has, and is not listed where nothing was ever set. Empty for an unknown service. */
export async function listQuotas(client: ServiceQuotasClient, service: string): Promise<ReadonlyMap<string, AccountQuota>> {
    const [everybodys, applied] = await Promise.all([
        readValues(paginateListAWSDefaultServiceQuotas({ client }, { ServiceCode: service })),
        readValues(paginateListServiceQuotas({ client }, { ServiceCode: service })),
    ]);
    const names = new Set([...everybodys.keys(), ...applied.keys()]);
    return new Map([...names].map((name) => {
        const value = applied.get(name) ?? everybodys.get(name) ?? 0;
        return [name, { value, isDefault: value === everybodys.get(name) }];
    }));
}

interface QuotaPage { readonly Quotas?: ReadonlyArray<{ readonly QuotaName?: string | undefined; readonly Value?: number | undefined }> | undefined }

async function readValues(pages: AsyncIterable<QuotaPage>): Promise<ReadonlyMap<string, number>> {
    const values = new Map<string, number>();
    try {
        for await (const { Quotas = [] } of pages) {
            for (const { QuotaName = "", Value } of Quotas) if (Value !== undefined) values.set(QuotaName, Value);
        }
    } catch (error) {
        if (error instanceof Error && error.name === "NoSuchResourceException") return new Map();
        throw error;
    }
    return values;
}
