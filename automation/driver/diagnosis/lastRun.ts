/** The last run of the pipeline as a helper needs it: which states, when, and the reasons of those that failed. */
import { GetExecutionHistoryCommand, ListExecutionsCommand } from "@aws-sdk/client-sfn";
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { describeState } from "../../phases/execution.ts";
import type { Session } from "../session.ts";

/** What such a run has to say fits: a page of the history from its end. */
const MOST_EVENTS = 500;

interface LastRun {
    readonly name: string | undefined;
    readonly status: string | undefined;
    readonly history: readonly unknown[];
}

/** Undefined when nothing ran yet. @throws errors of the SDK; EngineError when the stack's outputs cannot be read */
export async function readLastRun({ aws, engine }: Session): Promise<LastRun | undefined> {
    const { stateMachineArn } = await (await engine()).outputs();
    if (typeof stateMachineArn !== "string") return undefined;
    const { executions: [last] = [] } = await aws.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1 }));
    if (last === undefined) return undefined;
    const { events = [] } = await aws.sfn.send(new GetExecutionHistoryCommand({ executionArn: last.executionArn, reverseOrder: true, maxResults: MOST_EVENTS }));
    return { name: last.name, status: last.status, history: events.reverse().flatMap((event) => describeEvent(event, last.name ?? "")) };
}

/** Neither inputs nor outputs of states: the data of whoever asks for help is nobody else's. */
function describeEvent(event: HistoryEvent, execution: string): readonly unknown[] {
    const described = describeState(event, execution);
    return described === undefined ? [] : [{ at: event.timestamp?.toISOString(), type: event.type, ...described }];
}
