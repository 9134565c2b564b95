import { expect } from "chai";
import { CloudRefusal } from "../../../../automation/errors.ts";
import { parseError } from "../../../../automation/phases/verification/requestLog.ts";
import { askInference } from "../../../../automation/phases/verification/requests.ts";
import { awsError, failureOf } from "../../../support/phaseWorld.ts";
import type { Answers } from "../../../support/phaseWorld.ts";
import { createVerificationWorld } from "../../../support/verificationWorld.ts";

const ERROR = "AskError: no answer\n    at ask (/var/task/index.js:1:1)\ncaused by ModelError: Received client error (415)\n    at x";
const REFUSAL = "POST /inference must answer 200, got 500";

function logLine(fields: object): string {
    const line = { level: "error", message: "request failed", requestId: "r-1", ...fields };
    return `2026-01-01T00:00:00.000Z\tr-1\tERROR\t${JSON.stringify(line)}\n`;
}

describe("a request that fails inside the function", () => {
    const ask = async (answers: Answers, body: unknown = { title: "Internal error", requestId: "r-1" }) => {
        const { world, phase } = createVerificationWorld({ api: () => ({ status: 500, body }), answers });
        return { error: await failureOf(askInference(world, { rows: [] })) as CloudRefusal, sent: phase.sent };
    };

    it("is told with the error that the log has by the request's id, and its causes", async () => {
        const { error, sent } = await ask({ FilterLogEventsCommand: () => ({ events: [{ message: logLine({ error: ERROR }) }] }) });
        expect(error).to.be.instanceOf(CloudRefusal);
        expect(error.message).to.equal(`${REFUSAL}; the function's log says:\nAskError: no answer\ncaused by ModelError: Received client error (415)`);
        expect(sent.map(({ name, input }) => [name, input["logGroupName"], input["filterPattern"]])).to.deep.equal([
            ["FilterLogEventsCommand", "/aws/lambda/firstlight-dev-inference", '"r-1"'],
        ]);
    });

    it("is told as it was answered when the log may not be read, or the answer has no id", async () => {
        const denied = () => {
            throw awsError("AccessDeniedException");
        };
        const unread = await ask({ FilterLogEventsCommand: denied });
        expect(unread.error.message).to.equal(`${REFUSAL}: {"title":"Internal error","requestId":"r-1"}`);
        const withoutId = await ask({}, { message: "Internal Server Error" });
        expect(withoutId.error.message).to.equal(`${REFUSAL}: {"message":"Internal Server Error"}`);
    });

    it("has one line of the log that is an error", () => {
        expect(parseError(logLine({ error: "Error: broken" }))).to.equal("Error: broken");
        expect(parseError(logLine({ level: "info", error: "Error: broken" }))).to.equal(undefined);
        expect(parseError("START RequestId: r-1")).to.equal(undefined);
    });
});
