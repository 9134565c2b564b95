/** Brings a stack to rest before it is destroyed: no run, no job, no interface that a job left, no endpoint that is being changed. */
import type { AccountClients } from "../../account/clients.ts";
import type { OwnedResource } from "../../account/ownedResource.ts";
import { trainingJobs, transformJobs } from "../../account/owned/learning.ts";
import { listInterfaces } from "../../account/owned/network.ts";
import { createSearch, unlessGone } from "../../account/owned/search.ts";
import { removeResources } from "../../account/removal.ts";
import { removalPace } from "../../account/sweep.ts";
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { StackResource } from "../../engine/engine.ts";
import { stopRunningExecutions } from "../execution.ts";
import type { PhaseContext } from "../phase.ts";
import { awaitSettled, removeFailedEndpoint } from "../servedEndpoint.ts";
import type { TeardownAccount } from "./account.ts";

/** The endpoints that the stack may have. */
export async function quietStack(
    context: PhaseContext,
    account: TeardownAccount,
    resources: readonly StackResource[],
): Promise<readonly string[]> {
    const { reporter } = context;
    for (const stateMachineArn of idsOf(resources, "aws:sfn/stateMachine:StateMachine")) {
        const stopped = await unlessGone(() => stopRunningExecutions(context, stateMachineArn)) ?? 0;
        if (stopped > 0) reporter.report({ kind: "note", message: `stopped ${stopped} runs of the pipeline` });
    }
    await stopJobs(context, account);
    await removeInterfaces(context, account, idsOf(resources, "aws:ec2/vpc:Vpc"));
    const endpointNames = VARIANTS.map((variant) => account.naming.name("endpoint", variant));
    for (const endpointName of endpointNames) {
        await awaitSettled(context, endpointName);
        await removeFailedEndpoint(context, { endpointName, environment: account.naming.environment });
    }
    return endpointNames;
}

export function idsOf(resources: readonly StackResource[], wanted: string): readonly string[] {
    return resources.flatMap(({ type, id }) => (type === wanted && id !== undefined ? [id] : []));
}

/** A stopped execution stops its jobs as far as Step Functions can; a job that goes on is billed and writes on. */
async function stopJobs(context: PhaseContext, { clients, owner }: TeardownAccount): Promise<void> {
    const search = createSearch(clients, owner, []);
    await remove([...await trainingJobs.find(search), ...await transformJobs.find(search)], context, clients);
}

/** Those that jobs left behind would keep subnets and groups. Those of gateways and VPC endpoints go with their owners. */
async function removeInterfaces(context: PhaseContext, { clients, owner }: TeardownAccount, vpcIds: readonly string[]): Promise<void> {
    const found = await listInterfaces(createSearch(clients, owner, []), vpcIds);
    await remove(found.filter(({ interfaceType }) => interfaceType === "interface").map(({ resource }) => resource), context, clients);
}

/** What does not go is told: the engine meets it again, and says which resource it holds. */
async function remove(resources: readonly OwnedResource[], { reporter, signal }: PhaseContext, clients: AccountClients): Promise<void> {
    const progress = (message: string): void => reporter.report({ kind: "note", message });
    const failed = await removeResources(resources, { clients, signal, progress, ...removalPace(clients) });
    for (const { resource, reason } of failed) progress(`${resource.label} goes on: ${reason}`);
}
