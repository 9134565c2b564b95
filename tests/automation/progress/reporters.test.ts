import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { createConsoleReporter, createJsonReporter, createTimedRecorder } from "../../../automation/progress/reporters.ts";
import { readRecordedRehearsal } from "../../support/recordedRehearsal.ts";
import { Terminal } from "../../support/terminal.ts";

/** What the console says of a whole recorded rehearsal, without the times: they are of now. */
function tellRecording(output: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number }, environment: NodeJS.ProcessEnv): void {
    const reporter = createConsoleReporter(output, environment);
    for (const event of readRecordedRehearsal("dev").events) reporter.report(event);
    reporter.close();
}

function withoutTimes(text: string): string {
    return text.trimEnd().replaceAll(/\d+(\.\d+)? s|\d+ min \d+ s/g, "T").replaceAll(/^ +T/gm, "");
}

describe("reporters", () => {
    it("leave the same lines on a terminal, once it is closed, as without one", () => {
        let plain = "";
        tellRecording({ write: (text) => { plain += text; } }, {});
        const terminal = new Terminal(100);
        tellRecording(terminal, { TERM: "xterm" });
        expect(withoutTimes(terminal.text)).to.equal(withoutTimes(plain));
        expect(plain).to.match(/checked registry/).and.not.contain("\u001B");
    });

    it("redraw on a terminal only: not on a dumb one, and not in CI", () => {
        const writtenWith = (environment: NodeJS.ProcessEnv): string => {
            let written = "";
            const reporter = createConsoleReporter({ isTTY: true, columns: 80, write: (text: string) => { written += text; } }, environment);
            reporter.report({ kind: "phase", phase: "up", status: "started" });
            reporter.close();
            return written;
        };
        for (const environment of [{ TERM: "xterm" }, { TERM: "xterm", CI: "" }, { CI: "false" }]) expect(writtenWith(environment)).to.contain("\u001B[");
        for (const environment of [{ TERM: "dumb" }, { TERM: "xterm", CI: "true" }, { CI: "1" }]) expect(writtenWith(environment)).to.match(/^ +0\.0 s {2}up\n$/);
    });

    it("listen for the end of the process only as long as they live", () => {
        const before = process.listenerCount("exit");
        const reporter = createConsoleReporter(new Terminal(80), { TERM: "xterm" });
        expect(process.listenerCount("exit")).to.equal(before + 1);
        reporter.close();
        expect(process.listenerCount("exit")).to.equal(before);
    });

    it("write lines of JSON to a file or to a stream", () => {
        const file = path.join(tmpdir(), `events-${process.pid}.jsonl`);
        let stream = "";
        for (const json of [createJsonReporter(file), createJsonReporter({ write: (text: string) => { stream += text; } })]) {
            json.report({ kind: "endpoint", endpoint: "e", status: "InService" });
            json.report({ kind: "note", message: "two\nlines" });
        }
        const parse = (text: string): unknown => text.trim().split("\n").map((line) => ({ ...JSON.parse(line) as object, atMs: 0 }));
        expect(parse(stream)).to.deep.equal([
            { atMs: 0, kind: "endpoint", endpoint: "e", status: "InService" },
            { atMs: 0, kind: "note", message: "two\nlines" },
        ]);
        expect(parse(readFileSync(file, "utf8"))).to.deep.equal(parse(stream));
        rmSync(file);
    });

    it("keep events with their times", () => {
        const recorder = createTimedRecorder();
        recorder.report({ kind: "note", message: "a" });
        expect(recorder.events[0]).to.include({ kind: "note", message: "a" });
        expect(recorder.events[0]?.atMs).to.be.within(0, 1000);
    });
});
