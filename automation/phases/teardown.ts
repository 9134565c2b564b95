/** Takes everything away again: the stack, and what the pipeline made, Pulumi retains, or a service wrote. */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { createNaming } from "../../components/naming.ts";
import type { Naming } from "../../components/naming.ts";
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { EngineEvent, StackResource } from "../engine/engine.ts";
import { settleEngineLocks } from "../locks/engineLocks.ts";
import { stopRunningExecutions } from "./execution.ts";
import { deleteJobLogs } from "./jobLogs.ts";
import { removeLeftovers } from "./leftovers.ts";
import type { Phase, PhaseContext } from "./phase.ts";
import { awaitSettled, expectGone, removeFailedEndpoint } from "./servedEndpoint.ts";

interface Owner {
    readonly naming: Naming;
    readonly endpointNames: readonly string[];
    readonly logGroupNames: readonly string[];
}

export const teardownPhase: Phase = {
    name: "destroy",
    async run(context) {
        const { engine, reporter, signal } = context;
        await settleEngineLocks(engine, context);
        const resources = await engine.resources();
        const owner = resources.length > 0 ? await prepare(context, resources) : undefined;
        const onEvent = (event: EngineEvent): void => reporter.report(event);
        const counts = await engine.destroy({ onEvent, signal });
        reporter.report({ kind: "counts", phase: "destroy", counts });
        if (owner === undefined) return;
        // The stack's guard waits as well, unless the run that made it was cut off. After the endpoint goes what it uses.
        for (const endpointName of owner.endpointNames) await expectGone(context, endpointName);
        await removeLeftovers(context, owner.naming);
        const deleted = await deleteJobLogs(context.aws.logs, { ...owner, prefix: owner.naming.prefix });
        if (deleted > 0) reporter.report({ kind: "note", message: `deleted ${deleted} log streams and groups that SageMaker and Lambda wrote for this stack` });
    },
};

/**
 * What the state will not know any more, and what would stand in the engine's way: runs that go on, endpoints that failed or are being changed.
 * From the state and the configuration alone: an `up` that failed half way has given no outputs.
 */
async function prepare(context: PhaseContext, resources: readonly StackResource[]): Promise<Owner> {
    const { config, aws, reporter } = context;
    const { Account: accountId = "" } = await aws.sts.send(new GetCallerIdentityCommand({}));
    const naming = createNaming(config, { accountId, region: aws.target.region });
    const idsOf = (wanted: string): readonly string[] => resources.flatMap(({ type, id }) => (type === wanted && id !== undefined ? [id] : []));
    for (const stateMachineArn of idsOf("aws:sfn/stateMachine:StateMachine")) {
        const stopped = await stopRunningExecutions(context, stateMachineArn);
        if (stopped > 0) reporter.report({ kind: "note", message: `stopped ${stopped} runs of the pipeline` });
    }
    const endpointNames = VARIANTS.map((variant) => naming.name("endpoint", variant));
    for (const endpointName of endpointNames) {
        await awaitSettled(context, endpointName);
        await removeFailedEndpoint(context, { endpointName, environment: naming.environment });
    }
    return { naming, endpointNames, logGroupNames: idsOf("aws:cloudwatch/logGroup:LogGroup") };
}
