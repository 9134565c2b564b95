import { expect } from "chai";
import { createAccountClients } from "../../../automation/account/clients.ts";
import { createAwsClients } from "../../../automation/aws.ts";
import { runSweep } from "../../../automation/driver/commands/accountWork/runSweep.ts";
import type { Session } from "../../../automation/driver/session.ts";
import { CloudRefusal } from "../../../automation/errors.ts";
import { createRecordingReporter } from "../../../automation/progress/reporters.ts";
import { awsError, failureOf } from "../../support/phaseWorld.ts";

describe("the command sweep", () => {
    it("does not end as done where it may not look, and says where that is", async () => {
        const { session, printed } = createSession("AccessDeniedException");
        const failure = await failureOf(runSweep(session));
        expect(failure).to.be.instanceOf(CloudRefusal);
        expect((failure as Error).message).to.match(/whether nothing of dev--pr7 is left is not known: \d+ services may not be looked at/);
        expect(printed.join("\n")).to.contain("could not be looked at: buckets of S3: AccessDeniedException");
    });

    it("takes a service that does not know the question for one without an answer", async () => {
        const { session } = createSession("UnknownOperationException");
        await runSweep(session);
    });
});

/** An account whose every service answers with this error. */
function createSession(error: string): { readonly session: Session; readonly printed: readonly string[] } {
    const printed: string[] = [];
    const target = { region: "us-east-1", endpoint: "http://127.0.0.1:1" };
    const aws = refuseAll(createAwsClients(target), error);
    const clients = refuseAll(createAccountClients(aws, "444455556666"), error);
    const session = {
        options: { command: "sweep", stack: "dev", suffix: "pr7", applies: true, deletesData: false, isStateLost: true },
        pulumiStack: "dev--pr7", projectFolder: "/nowhere", aws, signal: new AbortController().signal,
        reporter: createRecordingReporter(), print: (text: string) => { printed.push(text); },
        lookup: async () => ({ clients, owner: { project: "firstlight", environment: "dev-pr7" } }),
        engine: async () => ({ resources: async () => [] }),
        backend: async () => ({ url: "file:///nowhere" }),
    };
    return { session: session as unknown as Session, printed };
}

/** Pagers want a client of the right class. */
function refuseAll<Clients extends object>(clients: Clients, error: string): Clients {
    for (const client of Object.values(clients) as { send?: unknown }[]) {
        if (typeof client?.send === "function") client.send = async () => { throw awsError(error); };
    }
    return clients;
}
