/** What looking into the account takes: clients, whose resources are meant, and a plan of the program. Made by whoever runs the phases. */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { createNaming } from "../../components/naming.ts";
import type { NamingSource } from "../../components/naming.ts";
import type { AwsClients } from "../aws.ts";
import type { EngineRequest, Plan, PlanRecorder } from "../engine/engine.ts";
import type { Provider } from "../engine/provider.ts";
import { readParameters } from "../outputs.ts";
import { createAccountClients } from "./clients.ts";
import type { AccountClients } from "./clients.ts";
import { createIdentities } from "./identities.ts";
import type { Identities } from "./identities.ts";
import type { ResourceOwner } from "./ownedResource.ts";

export interface AccountLookup {
    readonly clients: AccountClients;
    readonly owner: ResourceOwner;
    readonly identities: Identities;
    /** Absolute; what is too long for a screen is written there. */
    readonly folder: string;
    /** Predicts every resource, with endpoints as the switch in the account says. */
    planning(): Promise<Provider>;
    /** The plan of the unmodified program on an empty state. */
    recordPlan(provider: Provider, request?: EngineRequest): Promise<Plan>;
}

export interface AccountLookupOptions {
    readonly aws: AwsClients;
    readonly naming: NamingSource;
    /** Absolute; below `.firstlight`. */
    readonly folder: string;
    /** Predicts every resource and makes none. `parameters` by full name. */
    readonly createPlanning: (place: { readonly accountId: string; readonly region: string }, parameters: Readonly<Record<string, string>>) => Provider;
    /** Makes a recorder of the unmodified program that knows no state. */
    readonly createRecorder: (provider: Provider) => PlanRecorder;
}

/** Its clients are to be closed by `closeAccountClients`. */
export async function createAccountLookup({ aws, naming: source, folder, createPlanning, createRecorder }: AccountLookupOptions): Promise<AccountLookup> {
    const { Account: accountId = "" } = await aws.sts.send(new GetCallerIdentityCommand({}));
    const place = { accountId, region: aws.target.region };
    const naming = createNaming(source, place);
    const owner: ResourceOwner = { project: source.project, environment: naming.environment };
    return {
        clients: createAccountClients(aws, accountId),
        owner, folder,
        identities: createIdentities(owner),
        planning: async () => createPlanning(place, await readParameters(aws, naming.parameterPath)),
        recordPlan: (provider, request = {}) => createRecorder(provider).plan(request),
    };
}
