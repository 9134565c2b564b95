/** Sees that every endpoint serves the model and runs with the settings that it should, and has the pipeline deploy those that do not. */
import { paginateListExecutions, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { PlatformOutputs } from "../../components/outputs.ts";
import type { DeploymentOrder, Variant } from "../../lambdas/shared/documents.ts";
import { explainFailure } from "../cloudErrors/explain.ts";
import { CloudRefusal } from "../errors.ts";
import { describeCause, describeExecution, followExecution, nameOf } from "./execution.ts";
import type { PhaseContext } from "./phase.ts";
import { describeDeviations, readServingStates } from "./servingDeviation.ts";

const SOURCE: DeploymentOrder["source"] = "firstlight.deployment";

interface Deviation {
    readonly variant: Variant;
    readonly words: string;
}

/**
 * One order for all variants that deviate; an order that is under way already is followed first.
 *
 * @throws CloudRefusal when the deployment fails, or an endpoint deviates all the same.
 */
export async function alignServing(context: PhaseContext, outputs: PlatformOutputs): Promise<void> {
    const running = await findRunningOrder(context, outputs);
    if (running !== undefined) {
        context.reporter.report({ kind: "note", message: `a deployment of serving settings is under way: attaching to its run ${nameOf(running)}` });
        await followOrder(context, running);
    }
    const deviations = await findDeviations(context, outputs);
    if (deviations.length === 0) return;
    for (const { variant, words } of deviations) {
        context.reporter.report({ kind: "note", message: `the ${variant}'s endpoint is not as it should be: ${words}; ordering its deployment` });
    }
    await followOrder(context, await startOrder(context, outputs, deviations.map(({ variant }) => variant)));
    const [left] = await findDeviations(context, outputs);
    if (left === undefined) return;
    throw new CloudRefusal(`the ${left.variant}'s endpoint is not as it should be after its deployment: ${left.words}`, "look at the run's states ReadSettings and UpdateEndpoint");
}

async function findDeviations({ aws }: PhaseContext, outputs: PlatformOutputs): Promise<readonly Deviation[]> {
    const states = await readServingStates(aws, outputs);
    return states.map((state) => ({ variant: state.variant, words: describeDeviations(state).join("; ") })).filter(({ words }) => words !== "");
}

async function findRunningOrder({ aws, signal }: PhaseContext, { stateMachineArn }: PlatformOutputs): Promise<string | undefined> {
    const pages = paginateListExecutions({ client: aws.sfn }, { stateMachineArn, statusFilter: "RUNNING" }, { abortSignal: signal });
    for await (const { executions = [] } of pages) {
        for (const { executionArn = "" } of executions) {
            const { input = "{}" } = await describeExecution(aws, executionArn);
            if ((JSON.parse(input) as { source?: unknown }).source === SOURCE) return executionArn;
        }
    }
    return undefined;
}

async function startOrder({ aws }: PhaseContext, { stateMachineArn }: PlatformOutputs, variants: readonly Variant[]): Promise<string> {
    const order: DeploymentOrder = { source: SOURCE, variants };
    const { executionArn } = await aws.sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(order) }));
    return executionArn ?? "";
}

async function followOrder(context: PhaseContext, executionArn: string): Promise<void> {
    const ended = await followExecution(context, executionArn);
    if (ended.status === "SUCCEEDED") return;
    throw explainFailure(`the deployment ${nameOf(executionArn)} ended as ${ended.status}`, describeCause(ended.error, ended.cause) || "it gave no reason");
}
