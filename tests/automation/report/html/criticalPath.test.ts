import { expect } from "chai";
import fc from "fast-check";
import { findCriticalPath } from "../../../../automation/report/html/criticalPath.ts";
import { readRecordedRehearsal } from "../../../support/recordedRehearsal.ts";

interface Node { readonly urn: string; readonly parent?: string; readonly dependencies: readonly string[] }

const node = (urn: string, ...dependencies: readonly string[]): Node => ({ urn, dependencies });

function pathOf(nodes: readonly Node[], durations: Readonly<Record<string, number>>): string {
    return findCriticalPath(nodes, new Map(Object.entries(durations))).map(({ urn, durationMs }) => `${urn} ${durationMs}`).join(", ");
}

/** Longest sum over all chains, by trying all: small graphs only. */
function longestByTrial(nodes: readonly Node[], durations: readonly number[]): number {
    const from = (index: number): number => (durations[index] ?? 0) + Math.max(0, ...(nodes[index]?.dependencies ?? []).map((urn) => from(Number(urn))));
    return Math.max(0, ...nodes.map((_node, index) => from(index)));
}

describe("the critical path", () => {
    it("is the chain that takes longest, not the one with most links", () => {
        const nodes = [node("a"), node("b", "a"), node("c", "b"), node("slow"), node("end", "c", "slow")];
        expect(pathOf(nodes, { a: 1, b: 1, c: 1, slow: 10, end: 2 })).to.equal("slow 10, end 2");
        expect(pathOf(nodes, { a: 1, b: 1, c: 1, slow: 2, end: 2 })).to.equal("a 1, b 1, c 1, end 2");
    });

    it("goes through what took no time, and does not show it", () => {
        expect(pathOf([node("a"), node("between", "a"), node("b", "between"), node("other")], { a: 3, b: 3, other: 5 })).to.equal("a 3, b 3");
    });

    it("waits for all within a component that somebody depends on, and for one's own parent only", () => {
        const nodes = [
            { urn: "component", dependencies: [] },
            { urn: "child", parent: "component", dependencies: [] },
            { urn: "grandchild", parent: "child", dependencies: [] },
            node("user", "component"),
            { urn: "sibling", parent: "component", dependencies: ["component"] },
        ];
        expect(pathOf(nodes, { child: 1, grandchild: 2, user: 4 })).to.equal("child 1, grandchild 2, user 4");
        expect(pathOf(nodes, { child: 1, grandchild: 2, sibling: 2.5 })).to.equal("child 1, grandchild 2");
    });

    it("is nothing without durations, and survives unknown dependencies and a cycle", () => {
        expect(pathOf([node("a", "gone"), node("b", "a")], {})).to.equal("");
        expect(pathOf([node("a", "gone"), node("b", "a")], { b: 1 })).to.equal("b 1");
        expect(pathOf([node("a", "b"), node("b", "a")], { a: 1, b: 1 })).to.match(/^(a|b) 1, (a|b) 1$/);
    });

    it("is as long as the longest of all chains, in every graph", () => {
        const graph = fc.integer({ min: 1, max: 9 }).chain((size) => fc.record({
            durations: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: size, maxLength: size }),
            edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 20 }),
        }));
        fc.assert(fc.property(graph, ({ durations, edges }) => {
            const nodes = durations.map((_duration, index) => node(String(index), ...edges.filter(([from, to]) => from === index && to < index).map(([, to]) => String(to))));
            const path = findCriticalPath(nodes, new Map(durations.map((duration, index) => [String(index), duration])));
            return path.reduce((sum, { durationMs }) => sum + durationMs, 0) === longestByTrial(nodes, durations);
        }));
    });

    it("of a recorded rehearsal begins at a key, follows dependencies, and fits into its phase", () => {
        const { resources, events } = readRecordedRehearsal("dev");
        const done = events.filter((event) => event.kind === "resource").filter(({ status, operation, type }) => status === "done" && operation === "create" && type.startsWith("aws:") && !type.startsWith("aws:sagemaker"));
        const path = findCriticalPath(resources, new Map(done.map(({ urn, durationMs }) => [urn, durationMs ?? 0])));
        expect(path.length).to.be.above(3);
        expect(path[0]?.urn).to.contain("kms/key:Key");
        const up = events.find((event) => event.kind === "phase" && event.phase === "up" && event.status === "done");
        expect(path.reduce((sum, { durationMs }) => sum + durationMs, 0)).to.be.below(up?.kind === "phase" ? up.durationMs ?? 0 : 0);
    });
});
