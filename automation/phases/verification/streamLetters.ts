/** The dead letters of a verification's bad records: taken out of the queue, others' are put back. */
import { ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { Message } from "@aws-sdk/client-sqs";
import type { DeadLetter } from "../../../lambdas/shared/documents.ts";
import { CloudRefusal } from "../../errors.ts";
import type { VerificationWorld } from "./check.ts";
import type { SentRecord } from "./streamRecords.ts";

export interface LetterSearch {
    readonly sent: readonly SentRecord[];
    /** Ends the search when so many were found. */
    readonly wanted: number;
    /** 0 looks as long as the queue gives anything. */
    readonly limitMs: number;
}

/** As long as SQS waits for a message at most, and the client with it. */
const LONG_POLL_SECONDS = 5;

/** @throws CloudRefusal when a letter does not say what was wrong with which record, or too few came. */
export async function collectDeadLetters(world: VerificationWorld, { sent, wanted, limitMs }: LetterSearch): Promise<readonly DeadLetter[]> {
    const found: DeadLetter[] = [];
    const others: Message[] = [];
    const until = Date.now() + limitMs;
    try {
        for (;;) {
            const messages = await receive(world, limitMs === 0 ? 0 : LONG_POLL_SECONDS);
            for (const message of messages) {
                const letter = await takeOwn(world, message, sent);
                if (letter === undefined) others.push(message);
                else found.push(letter);
            }
            if (found.length >= wanted || (messages.length === 0 && Date.now() >= until)) break;
        }
    } finally {
        await Promise.all(others.map((message) => putBack(world, message)));
    }
    if (limitMs > 0 && found.length !== wanted) throw new CloudRefusal(`${wanted} bad records must be in the dead-letter queue, got ${found.length}`, "look at the log of the stream consumer");
    return found;
}

async function receive({ context, outputs }: VerificationWorld, WaitTimeSeconds: number): Promise<readonly Message[]> {
    const command = new ReceiveMessageCommand({ QueueUrl: outputs.deadLetterQueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds });
    return (await context.aws.sqs.send(command, { abortSignal: context.signal })).Messages ?? [];
}

/** Undefined when the message is about somebody else's record. */
async function takeOwn({ context, outputs }: VerificationWorld, message: Message, sent: readonly SentRecord[]): Promise<DeadLetter | undefined> {
    const letter = parseLetter(message.Body);
    const record = sent.find(({ shardId, sequenceNumber }) => shardId === letter.shardId && sequenceNumber === letter.sequenceNumber);
    if (record === undefined) return undefined;
    await context.aws.sqs.send(new DeleteMessageCommand({ QueueUrl: outputs.deadLetterQueueUrl, ReceiptHandle: message.ReceiptHandle }));
    const payload = Buffer.from(letter.payload ?? "", "base64").toString("utf8");
    if (!record.isGood && payload === record.data && (letter.reason ?? "") !== "") return letter as DeadLetter;
    throw new CloudRefusal(`the dead letter for record ${record.requestId} must hold its payload and a reason, got ${message.Body ?? "nothing"}`);
}

/** Empty when it is none: others may put anything into the queue. */
function parseLetter(body: string | undefined): Partial<DeadLetter> {
    try {
        return JSON.parse(body ?? "{}") as Partial<DeadLetter>;
    } catch {
        return {};
    }
}

async function putBack({ context, outputs }: VerificationWorld, { ReceiptHandle }: Message): Promise<void> {
    await context.aws.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: outputs.deadLetterQueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
}
