import { readFileSync } from "node:fs";
import path from "node:path";
import type { EngineEvent as AutomationEvent } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import type { EngineEvent } from "../../../../automation/engine/engine.ts";
import { EventTranslator } from "../../../../automation/engine/pulumi/events.ts";

const URN = "urn:pulumi:test::fixture::memory:index/thing:Thing::";
const TYPE = "memory:index/thing:Thing";

/** Event logs that Pulumi 3.259.0 wrote; of the debug messages only those that hold a secret were kept. */
function readLog(name: string): readonly AutomationEvent[] {
    const lines = readFileSync(path.join(import.meta.dirname, "recorded", `${name}.jsonl`), "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as AutomationEvent);
}

function translate(log: readonly AutomationEvent[]): { seen: EventTranslator; events: readonly EngineEvent[] } {
    let now = 0;
    const seen = new EventTranslator(() => now += 1_000);
    return { seen, events: log.flatMap((event) => seen.translate(event)) };
}

function describeEvent(event: EngineEvent): string {
    return event.kind === "resource" ? `${event.operation} ${event.name} ${event.status}` : `${event.severity} ${event.message}`;
}

describe("the events of the Pulumi CLI", () => {
    it("become the steps of an up, the two of a replacement under one name, what stays as it is left out", () => {
        const { seen, events } = translate(readLog("up"));
        expect(events.map(describeEvent)).to.have.members([
            "update a started", "update a done", "create d started", "create d done", "replace b started", "replace b done",
            "replace b started", "replace b done", "delete c started", "delete c done", "retain kept started", "retain kept done",
        ]);
        expect(seen.counts).to.deep.equal({ same: 1, update: 1, create: 1, replace: 1, delete: 1, retain: 1 });
        expect(seen.outputs).to.deep.equal({ word: "w" });
        expect(seen.problems).to.deep.equal([]);
    });

    it("carry durations from the start of the same step", () => {
        const { events } = translate(readLog("up"));
        const durations = events.map((event) => (event.kind === "resource" ? [event.status, event.durationMs] : []));
        for (const [status, durationMs] of durations) {
            if (status === "started") expect(durationMs).to.equal(undefined);
            else expect(durationMs).to.be.at.least(1_000).and.at.most(100_000);
        }
        expect(durations).to.have.length(12);
    });

    it("tell what a preview would change, and count it like the up that follows", () => {
        const { seen } = translate(readLog("preview"));
        expect(seen.counts).to.deep.equal(translate(readLog("up")).seen.counts);
        expect(seen.changes).to.have.deep.members([
            { urn: `${URN}a`, type: TYPE, name: "a", operation: "update", properties: ["value"] },
            { urn: `${URN}b`, type: TYPE, name: "b", operation: "replace", properties: ["size"] },
            { urn: `${URN}c`, type: TYPE, name: "c", operation: "delete", properties: [] },
            { urn: `${URN}d`, type: TYPE, name: "d", operation: "create", properties: [] },
            { urn: `${URN}kept`, type: TYPE, name: "kept", operation: "retain", properties: [] },
        ]);
    });

    it("become drift when they are a refresh's, also of secrets, and no steps", () => {
        const { seen, events } = translate(readLog("refresh"));
        expect(events).to.deep.equal([]);
        expect(seen.drift).to.have.deep.members([
            { urn: `${URN}a`, type: TYPE, name: "a", kind: "changed", properties: ["password", "value"] },
            { urn: `${URN}d`, type: TYPE, name: "d", kind: "deleted", properties: [] },
        ]);
    });

    it("give a failed step the words of its own diagnostics", () => {
        const { seen, events } = translate(readLog("failure"));
        const message = "AccessDenied: not with hunter2-hunter2";
        expect(events).to.deep.include({ kind: "diagnostic", severity: "error", urn: `${URN}e`, message });
        const failed = events.filter((event) => event.kind === "resource" && event.status === "failed");
        expect(failed).to.have.length(1);
        expect(failed[0]).to.include({ urn: `${URN}e`, operation: "create", message });
        expect(seen.problems).to.deep.equal([{ message, urn: `${URN}e` }, { message: "update failed" }]);
    });

    it("lose the engine's debug messages, which hold secrets", () => {
        const debug = { sequence: 1, timestamp: 1, diagnosticEvent: { severity: "debug", message: "resp: password,,,hunter2", color: "never" } };
        const info = { sequence: 2, timestamp: 1, diagnosticEvent: { severity: "info#err", message: "from the program\n", color: "never" } };
        const { events } = translate([debug, info] as unknown as AutomationEvent[]);
        expect(events).to.deep.equal([{ kind: "diagnostic", severity: "info", message: "from the program" }]);
    });

    it("name a property by its top level", () => {
        const log = readLog("preview").filter(({ resourcePreEvent }) => resourcePreEvent?.metadata.op === "update");
        const [event] = log;
        if (event?.resourcePreEvent === undefined) throw new Error("the recorded preview has no update");
        const metadata = { ...event.resourcePreEvent.metadata, diffs: ["tags.Name", "rules[0].port", "tags.Other", "name"] };
        const { seen } = translate([{ ...event, resourcePreEvent: { metadata, planning: true } }]);
        expect(seen.changes[0]?.properties).to.deep.equal(["name", "rules", "tags"]);
    });
});
