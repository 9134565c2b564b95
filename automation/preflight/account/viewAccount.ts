/** The account as rules see it. */
import type { AccountLookup } from "../../account/accountLookup.ts";
import type { AwsClients } from "../../aws.ts";
import { readAbTest } from "./abTests.ts";
import { UnansweredError } from "./accountView.ts";
import type { AccountQuota, AccountView } from "./accountView.ts";
import { findEndpoint } from "./endpoints.ts";
import { listQuotas } from "./quotas.ts";

/** @param lookup for questions about what exists beside the state; without it those are not answered */
export function viewAccount(clients: AwsClients, lookup?: () => Promise<AccountLookup>): AccountView {
    const quotas = new Map<string, Promise<ReadonlyMap<string, AccountQuota>>>();
    const unbuilt = async (): Promise<never> => { throw new UnansweredError("this question is not built yet", "other"); };
    void lookup;
    return {
        endpointNamed: (name) => findEndpoint(clients.sagemaker, name),
        abTest: (tableName) => readAbTest(clients.dynamodb, tableName),
        // One list for all rules: it has several pages, and its service answers slowly.
        async quota(service, name) {
            const list = quotas.get(service) ?? listQuotas(clients.quotas, service);
            quotas.set(service, list);
            return (await list).get(name);
        },
        existing: unbuilt, owned: unbuilt, addresses: unbuilt, countVpcs: unbuilt, functionConcurrency: unbuilt, bucket: unbuilt, databaseOfferings: unbuilt,
        image: unbuilt, secret: unbuilt, subscriptions: unbuilt, logPolicies: unbuilt,
    };
}
