import type { EngineEvent as AutomationEvent } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import type { EngineEvent } from "../../../../automation/engine/engine.ts";
import { OperationObserver } from "../../../../automation/engine/pulumi/observer.ts";

const URN = "urn:pulumi:test::fixture::memory:index/thing:Thing::a";

function diagnostic(message: string): AutomationEvent {
    return { sequence: 1, timestamp: 1, diagnosticEvent: { severity: "warning", message, color: "never" } };
}

function start(): AutomationEvent {
    const metadata = { op: "create", urn: URN, type: "memory:index/thing:Thing", provider: "" } as const;
    return { sequence: 2, timestamp: 1, resourcePreEvent: { metadata } };
}

describe("the observer of a CLI's operation", () => {
    it("hands on at once what can hold no secret, and reads none for it", () => {
        const events: EngineEvent[] = [];
        const observer = new OperationObserver({ onEvent: (event) => events.push(event), readSecrets: () => Promise.reject(new Error("nobody asked")) });
        observer.observe(start());
        expect(events.map(({ kind }) => kind)).to.deep.equal(["resource"]);
    });

    it("takes secrets out of messages and keeps the order", async () => {
        const events: EngineEvent[] = [];
        let reads = 0;
        const readSecrets = async (): Promise<readonly string[]> => {
            reads += 1;
            return ["hunter2"];
        };
        const observer = new OperationObserver({ onEvent: (event) => events.push(event), readSecrets });
        observer.observe(diagnostic("not with hunter2"));
        observer.observe(diagnostic("nor hunter2 again"));
        observer.observe(start());
        await observer.end();
        expect(events.map((event) => event.message ?? event.kind)).to.deep.equal(["not with [secret]", "nor [secret] again", "resource"]);
        expect(reads).to.equal(1);
    });

    it("shows no message whose secrets cannot be read, and goes on", async () => {
        const events: EngineEvent[] = [];
        let reads = 0;
        const readSecrets = async (): Promise<readonly string[]> => {
            reads += 1;
            if (reads === 1) throw new Error("the state is being written");
            return ["hunter2"];
        };
        const observer = new OperationObserver({ onEvent: (event) => events.push(event), readSecrets });
        observer.observe(diagnostic("first hunter2"));
        observer.observe(diagnostic("second hunter2"));
        observer.observe(start());
        await observer.end();
        expect(events.map((event) => event.message ?? event.kind)).to.deep.equal([
            "(a message that is not shown: which secrets it could hold cannot be read from the state)", "second [secret]", "resource",
        ]);
    });

    it("reads the secrets again for a message that came later, when there may be more", async () => {
        const events: EngineEvent[] = [];
        const secrets = ["first-secret"];
        const observer = new OperationObserver({ onEvent: (event) => events.push(event), readSecrets: async () => [...secrets] });
        observer.observe(diagnostic("first-secret"));
        await observer.end();
        secrets.push("second-secret");
        observer.observe(diagnostic("second-secret"));
        await observer.end();
        expect(events.map(({ message }) => message)).to.deep.equal(["[secret]", "[secret]"]);
    });
});
