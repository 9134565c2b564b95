/** An account without anything in it, for what looks through all of it: every list is empty, and the few that were given answer as they say. */
import { createAccountClients } from "../../automation/account/clients.ts";
import type { AccountClients } from "../../automation/account/clients.ts";
import type { AwsClients } from "../../automation/aws.ts";
import { awsError } from "./phaseWorld.ts";
import type { Answers } from "./phaseWorld.ts";

const ABSENT = /^(GetDashboard|DescribeBudget)Command$/;
const LOOKS = /^(List|Describe|Get)/;

/** Answers of an empty account, and over them the given ones. What changes something has to be given. */
export function answersOfEmptyAccount(given: Answers): Answers {
    return new Proxy(given, {
        get(target, name: string) {
            if (name in target) return target[name];
            if (ABSENT.test(name)) return () => { throw awsError("NotFoundException"); };
            return LOOKS.test(name) ? () => ({}) : undefined;
        },
    });
}

/** The account's further clients, answering from the same table and into the same record as those of a phase world. */
export function createFakeAccountClients(aws: AwsClients, accountId: string): AccountClients {
    const clients = createAccountClients(aws, accountId);
    const { aws: _aws, accountId: _accountId, ...services } = clients;
    // Any of the phase world's clients: they all answer by the command's name.
    const { send } = aws.sts as unknown as { send: unknown };
    for (const client of Object.values(services)) Object.assign(client, { send });
    return clients;
}
