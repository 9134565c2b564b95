/** Sees that every endpoint runs with the memory and concurrency of the configuration, and has the pipeline deploy those that do not. */
import { paginateListExecutions, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { PlatformOutputs } from "../../components/outputs.ts";
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { DeploymentOrder, ServingSettings, Variant } from "../../lambdas/shared/documents.ts";
import { CloudRefusal } from "../errors.ts";
import { readOutputs, readServedModel, readServingSettings } from "../outputs.ts";
import { describeCause, describeExecution, followExecution, nameOf } from "./execution.ts";
import type { PhaseContext } from "./phase.ts";
import { readActualSettings } from "./servedEndpoint.ts";

const SOURCE: DeploymentOrder["source"] = "firstlight.deployment";

interface Deviation {
    readonly variant: Variant;
    readonly actual: ServingSettings;
}

/**
 * One order for all variants that deviate; an order that is under way already is followed first.
 *
 * @throws CloudRefusal when the deployment fails, or an endpoint runs with other settings all the same.
 */
export async function alignServingSettings(context: PhaseContext): Promise<void> {
    const outputs = await readOutputs(context.engine);
    const running = await findRunningOrder(context, outputs);
    if (running !== undefined) {
        context.reporter.report({ kind: "note", message: `a deployment of serving settings is under way: attaching to its run ${nameOf(running)}` });
        await followOrder(context, running);
    }
    const wanted = await readServingSettings(context.aws, outputs.parameterPath);
    const deviations = await findDeviations(context, outputs, wanted);
    if (deviations.length === 0) return;
    for (const { variant, actual } of deviations) {
        context.reporter.report({ kind: "note", message: `the ${variant} runs with ${describe(actual)}, configured are ${describe(wanted)}: ordering its deployment` });
    }
    await followOrder(context, await startOrder(context, outputs, deviations.map(({ variant }) => variant)));
    const [left] = await findDeviations(context, outputs, wanted);
    if (left === undefined) return;
    throw new CloudRefusal(`the ${left.variant} still runs with ${describe(left.actual)} after its deployment, configured are ${describe(wanted)}`, "look at the run's state ReadSettings");
}

async function findDeviations({ aws }: PhaseContext, { endpointNames, parameterPath }: PlatformOutputs, wanted: ServingSettings): Promise<readonly Deviation[]> {
    const found: Deviation[] = [];
    for (const variant of VARIANTS) {
        if (await readServedModel(aws, parameterPath, variant) === undefined) continue;
        const actual = await readActualSettings(aws, endpointNames[variant]);
        if (actual.memoryMiB !== wanted.memoryMiB || actual.maxConcurrency !== wanted.maxConcurrency) found.push({ variant, actual });
    }
    return found;
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
    throw new CloudRefusal(`the deployment ${nameOf(executionArn)} ended as ${ended.status}: ${describeCause(ended.error, ended.cause) || "it gave no reason"}`);
}

function describe({ memoryMiB, maxConcurrency }: ServingSettings): string {
    return `${memoryMiB} MiB and concurrency ${maxConcurrency}`;
}
