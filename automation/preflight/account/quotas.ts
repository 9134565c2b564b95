/** Quotas of the account, by service. */
import { paginateListAWSDefaultServiceQuotas, paginateListServiceQuotas } from "@aws-sdk/client-service-quotas";
import type { ServiceQuota, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { AccountQuota } from "./accountView.ts";

/** By name. What was set for the account goes before what everybody has. Empty for a service that Service Quotas does not know. */
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

interface QuotaPage { readonly Quotas?: readonly ServiceQuota[] | undefined }

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
