/** Takes everything away again: the stack, and what the pipeline made, Pulumi retains, or a service wrote. */
import { createNaming } from "../../components/naming.ts";
import type { Naming } from "../../components/naming.ts";
import type { EngineEvent } from "../engine/engine.ts";
import { readOutputs } from "../outputs.ts";
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
        const isDeployed = Object.keys(await engine.outputs()).length > 0;
        const owner = isDeployed ? await prepare(context) : undefined;
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

/** What the state will not know any more, and what would stand in the engine's way: runs that go on, endpoints that failed or are being changed. */
async function prepare(context: PhaseContext): Promise<Owner> {
    const { config, engine, aws, reporter } = context;
    const { accountId, endpointNames, stateMachineArn } = await readOutputs(engine);
    const naming = createNaming(config, { accountId, region: aws.target.region });
    const stopped = await stopRunningExecutions(context, stateMachineArn);
    if (stopped > 0) reporter.report({ kind: "note", message: `stopped ${stopped} runs of the pipeline` });
    const names = Object.values(endpointNames);
    for (const endpointName of names) {
        await awaitSettled(context, endpointName);
        await removeFailedEndpoint(context, { endpointName, environment: naming.environment });
    }
    const groups = (await engine.resources()).filter(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup");
    return { naming, endpointNames: names, logGroupNames: groups.flatMap(({ id }) => (id === undefined ? [] : [id])) };
}
