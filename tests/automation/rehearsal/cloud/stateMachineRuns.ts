/** Runs state machines of a few states to their end, each with a role of its own. */
import { CreateStateMachineCommand, DescribeExecutionCommand, StartExecutionCommand, type DescribeExecutionOutput } from "@aws-sdk/client-sfn";
import type { Statement, TestCloud } from "./testCloud.ts";

const LOOK_MS = 50;

export interface RunOptions {
    readonly input?: object;
    readonly logGroupArn?: string;
    /** What stands beside the states: `QueryLanguage`, `TimeoutSeconds`. */
    readonly machine?: object;
}

export interface MachineRunner {
    /** Runs a machine of these states, from the first one, with a role of these permissions, to its end. */
    execute(states: object, permissions: readonly Statement[], options?: RunOptions): Promise<DescribeExecutionOutput>;
    /** Starts one and returns its ARN. */
    start(states: object, permissions: readonly Statement[], options?: RunOptions): Promise<string>;
    /** Waits for its end. */
    ended(executionArn: string): Promise<DescribeExecutionOutput>;
}

export function machineRunner(test: TestCloud): MachineRunner {
    let machines = 0;
    const start: MachineRunner["start"] = async (states, permissions, options = {}) => {
        const name = `machine-${++machines}`;
        const roleArn = await test.role(name, "states.amazonaws.com", ...permissions);
        const { stateMachineArn } = await test.sfn.send(new CreateStateMachineCommand({
            name, roleArn, definition: JSON.stringify({ StartAt: Object.keys(states)[0], ...options.machine, States: states }),
            ...(options.logGroupArn === undefined ? {} : {
                loggingConfiguration: { level: "ALL", includeExecutionData: true, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: options.logGroupArn } }] },
            }),
        }));
        const { executionArn } = await test.sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(options.input ?? {}) }));
        return executionArn!;
    };
    const ended: MachineRunner["ended"] = async (executionArn) => {
        for (;;) {
            const execution = await test.sfn.send(new DescribeExecutionCommand({ executionArn }));
            if (execution.status !== "RUNNING") return execution;
            await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        }
    };
    return { start, ended, execute: async (states, permissions, options) => ended(await start(states, permissions, options)) };
}
