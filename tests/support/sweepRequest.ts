import type { AccountClients } from "../../automation/account/clients.ts";
import type { SweepRequest } from "../../automation/account/sweep.ts";
import type { Rehearsal } from "../../automation/rehearsal/rehearsal.ts";

/** A sweep of the rehearsed stack, named twice, whose state is lost: a dry run that spares data. */
export function sweepRequest({ context }: Rehearsal, clients: AccountClients, changes: Partial<SweepRequest> = {}): SweepRequest {
    const { config, stack } = context;
    return {
        clients, owner: { project: config.project, environment: stack }, stack, hasSuffix: false, isNamed: true, knownToState: 0,
        backend: { isFound: true, text: "the rehearsal's state knows it" }, isStateLost: false,
        applies: false, deletesData: false, signal: context.signal, progress: () => undefined, ...changes,
    };
}
