/** The account as a teardown looks at it. */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { createNaming } from "../../../components/naming.ts";
import type { Naming } from "../../../components/naming.ts";
import { closeAccountClients, createAccountClients } from "../../account/clients.ts";
import type { AccountClients } from "../../account/clients.ts";
import type { ResourceOwner } from "../../account/ownedResource.ts";
import type { PhaseContext } from "../phase.ts";

export interface TeardownAccount {
    readonly clients: AccountClients;
    readonly owner: ResourceOwner;
    readonly naming: Naming;
    close(): void;
}

/** With the clients of the run's lookup, where it has one; else with its own, to be closed. */
export async function openAccount({ aws, config, lookup }: PhaseContext): Promise<TeardownAccount> {
    const { Account: accountId = "" } = await aws.sts.send(new GetCallerIdentityCommand({}));
    const naming = createNaming(config, { accountId, region: aws.target.region });
    const owner: ResourceOwner = { project: config.project, environment: naming.environment };
    const opened = await lookup?.();
    if (opened !== undefined) return { clients: opened.clients, owner, naming, close: () => undefined };
    const clients = createAccountClients(aws, accountId);
    return { clients, owner, naming, close: () => closeAccountClients(clients) };
}
