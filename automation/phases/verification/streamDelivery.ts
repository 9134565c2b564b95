import { CloudRefusal } from "../../errors.ts";
import { waitFor } from "../../waiting.ts";
import { paceOf } from "../pace.ts";
import type { Check, VerificationWorld } from "./check.ts";
import { expectEqual } from "./expectations.ts";
import { deletePredictions, readPredictions } from "./streamPredictions.ts";
import { collectDeadLetters } from "./streamLetters.ts";
import { deliverAgain, putRecords } from "./streamRecords.ts";
import type { SentRecord } from "./streamRecords.ts";

const RECORDS = 500;
/** Every hundredth. */
const BAD_RECORDS = 5;

/**
 * Records in, predictions out, each once: also when every batch is delivered a second time, cut elsewhere. The second delivery is an
 * invocation with the event that Lambda would send (docs/decisions/0012-what-verify-sends-and-removes.md).
 */
export const streamDelivery: Check = {
    name: "stream",
    level: "full",
    needs: "a served model",
    async run(world: VerificationWorld) {
        const { deliveryLimitMs: limitMs } = paceOf(world.context.aws);
        const since = new Date();
        const sent = await putRecords(world, { count: RECORDS, bad: BAD_RECORDS });
        try {
            const first = await awaitResults(world, since);
            const letters = await collectDeadLetters(world, { sent, wanted: BAD_RECORDS, limitMs });
            await deliverAgain(world, sent);
            const again = await readPredictions(world, since);
            checkOnce(sent, again.map(({ record }) => record.requestId));
            expectEqual(again.map(({ key }) => key).sort(), first.map(({ key }) => key).sort(), "the predictions' objects after the second delivery");
            const more = await collectDeadLetters(world, { sent, wanted: BAD_RECORDS, limitMs: 0 });
            if (more.length > 0) throw new CloudRefusal(`the second delivery sent ${more.length} dead letters again`, "look at the consumer's checkpoint");
            return `${RECORDS} records, each delivered twice: ${again.length} predictions, each once; ${letters.length} dead letters with payload and reason`;
        } finally {
            const kept = await deletePredictions(world, since);
            if (kept > 0) world.context.reporter.report({ kind: "note", message: `${kept} objects of predictions stay: they hold others' records too` });
        }
    },
};

async function awaitResults(world: VerificationWorld, since: Date): ReturnType<typeof readPredictions> {
    const { aws, signal } = world.context;
    const { intervalMs, deliveryLimitMs: limitMs } = paceOf(aws);
    let last = 0;
    const look = async (): Promise<Awaited<ReturnType<typeof readPredictions>> | undefined> => {
        const found = await readPredictions(world, since);
        last = found.length;
        return found.length >= RECORDS - BAD_RECORDS ? found : undefined;
    };
    const found = await waitFor(look, { intervalMs, limitMs, signal });
    if (found !== undefined) return found;
    throw new CloudRefusal(`${RECORDS - BAD_RECORDS} of ${RECORDS} records must be predicted on within ${limitMs / 1000} s, got ${last}`, "look at the log of the stream consumer and at its iterator age");
}

function checkOnce(sent: readonly SentRecord[], requestIds: readonly string[]): void {
    const expected = sent.filter(({ isGood }) => isGood).map(({ requestId }) => requestId);
    expectEqual(requestIds.length, expected.length, "the number of predictions for the sent records");
    const found = new Set(requestIds);
    const missing = expected.filter((id) => !found.has(id));
    if (missing.length > 0) throw new CloudRefusal(`${missing.length} records have no prediction, others have two, e.g. ${missing[0] ?? ""}`);
}
