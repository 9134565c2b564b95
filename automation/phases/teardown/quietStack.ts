/** Brings a stack to rest before it is destroyed: no run, no job, no endpoint that is being changed, no interface that a job left in a subnet. */
import { paginateDescribeNetworkInterfaces } from "@aws-sdk/client-ec2";
import { trainingJobs, transformJobs } from "../../account/owned/learning.ts";
import { createSearch, gather, unlessGone } from "../../account/owned/search.ts";
import { removeResources } from "../../account/removal.ts";
import { removalPace } from "../../account/sweep.ts";
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { StackResource } from "../../engine/engine.ts";
import { waitFor } from "../../waiting.ts";
import { stopRunningExecutions } from "../execution.ts";
import { paceOf } from "../pace.ts";
import type { PhaseContext } from "../phase.ts";
import { awaitSettled, removeFailedEndpoint } from "../servedEndpoint.ts";
import type { TeardownAccount } from "./account.ts";

/** SageMaker takes an interface away within minutes of its job's end; AWS promises nothing. */
const INTERFACE_LIMIT_MS = 20 * 60_000;

/** The endpoints that the stack may have. */
export async function quietStack(context: PhaseContext, account: TeardownAccount, resources: readonly StackResource[]): Promise<readonly string[]> {
    const { reporter } = context;
    for (const stateMachineArn of idsOf(resources, "aws:sfn/stateMachine:StateMachine")) {
        const stopped = await unlessGone(() => stopRunningExecutions(context, stateMachineArn)) ?? 0;
        if (stopped > 0) reporter.report({ kind: "note", message: `stopped ${stopped} runs of the pipeline` });
    }
    const hasJobs = await stopJobs(context, account);
    if (hasJobs) await awaitInterfaces(context, account, idsOf(resources, "aws:ec2/vpc:Vpc"));
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

/** A stopped execution stops its jobs as far as Step Functions can; a job that goes on is billed and writes on. Whether there were any. */
async function stopJobs({ reporter, signal }: PhaseContext, { clients, owner }: TeardownAccount): Promise<boolean> {
    const search = createSearch(clients, owner, []);
    const running = [...await trainingJobs.find(search), ...await transformJobs.find(search)];
    const progress = (message: string): void => reporter.report({ kind: "note", message: message.replace(/^deleted/, "stopped") });
    const failed = await removeResources(running, { clients, signal, progress, ...removalPace(clients) });
    for (const { resource, reason } of failed) reporter.report({ kind: "note", message: `${resource.label} goes on: ${reason}` });
    return running.length > 0;
}

/** Those of gateways and VPC endpoints go with their owners; those that jobs had would keep the subnets and groups. */
async function awaitInterfaces({ aws, reporter, signal }: PhaseContext, { clients }: TeardownAccount, vpcIds: readonly string[]): Promise<void> {
    if (vpcIds.length === 0) return;
    const find = async (): Promise<number> => {
        const pages = paginateDescribeNetworkInterfaces({ client: clients.ec2 }, { Filters: [{ Name: "vpc-id", Values: [...vpcIds] }] });
        const found = await gather(pages, ({ NetworkInterfaces }) => NetworkInterfaces);
        return found.filter(({ InterfaceType }) => InterfaceType === undefined || InterfaceType === "interface").length;
    };
    const gone = await waitFor(async () => (await find() === 0 ? true : undefined), { intervalMs: paceOf(aws).intervalMs, limitMs: INTERFACE_LIMIT_MS, signal });
    if (gone === undefined) reporter.report({ kind: "note", message: "jobs have left network interfaces; the engine will wait for them again" });
}
