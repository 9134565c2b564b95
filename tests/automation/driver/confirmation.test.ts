import { PassThrough } from "node:stream";
import { expect } from "chai";
import { confirm } from "../../../automation/driver/confirmation.ts";
import type { Stakes } from "../../../automation/driver/confirmation.ts";
import { describeError } from "../../../automation/errorReport.ts";
import { failureOf } from "../../support/phaseWorld.ts";

const STAKES: Stakes = {
    options: { command: "up", isConfirmed: false, deletesData: false }, pulumiStack: "dev", preset: "dev", signal: new AbortController().signal,
};

function ask(change: Partial<Stakes> = {}): { readonly asked: Promise<void>; readonly stdin: PassThrough } {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    return { asked: confirm("Bring up stack dev", { ...STAKES, ...change }, { stdin, stderr: { write: () => true } }), stdin };
}

describe("a confirmation", () => {
    it("is refused when the input ends without an answer, as by Ctrl+D, instead of waiting for ever", async () => {
        const { asked, stdin } = ask();
        stdin.end();
        expect(describeError(await failureOf(asked))).to.contain("not confirmed, nothing was touched");
    });

    it("takes an answer that comes just before the end", async () => {
        const { asked, stdin } = ask();
        stdin.end("yes\n");
        await asked;
    });

    it("ends with the run that it belongs to", async () => {
        const controller = new AbortController();
        const { asked } = ask({ signal: controller.signal });
        controller.abort();
        expect(await failureOf(asked)).to.have.property("name", "AbortError");
    });
});
