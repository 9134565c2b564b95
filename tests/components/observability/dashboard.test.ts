import { expect } from "chai";
import { metricFamilies } from "../../../components/facts/metrics.ts";
import type { MetricFamily } from "../../../components/facts/metrics.ts";
import { buildDashboard, GRID_COLUMNS } from "../../../components/observability/dashboard.ts";
import type { Widget } from "../../../components/observability/dashboard.ts";
import { nameWatched } from "../../../components/observability/watched.ts";
import { testContext, testLocation } from "../../support/programContexts.ts";

const { widgets } = buildDashboard(nameWatched(testContext({ location: testLocation("us-west-2") }), ["inference", "stream-consumer"]), "us-west-2");
const graphs = widgets.filter(({ type }) => type === "metric");

type Line = readonly [string, string, ...unknown[]];

function linesOf({ properties }: Widget): readonly Line[] {
    return (properties["metrics"] as readonly unknown[][]).filter(([first]) => typeof first === "string") as unknown as readonly Line[];
}

function cellsOf({ x, y, width, height }: Widget): readonly string[] {
    return Array.from({ length: width * height }, (_cell, index) => `${x + index % width},${y + Math.floor(index / width)}`);
}

describe("the dashboard", () => {
    it("has widgets of known types that lie within the grid and on no other", () => {
        const cells = widgets.flatMap(cellsOf);
        expect(new Set(cells).size).to.equal(cells.length);
        for (const { type, x, width, properties } of widgets) {
            expect(type).to.be.oneOf(["metric", "text"]);
            expect([x, width].every(Number.isInteger) && x >= 0 && x + width <= GRID_COLUMNS, JSON.stringify(properties)).to.equal(true);
            expect(properties).to.have.property(type === "text" ? "markdown" : "metrics");
        }
    });

    it("shows metrics that there are, under all of their dimensions", () => {
        const families: readonly MetricFamily[] = Object.values(metricFamilies);
        const lines = graphs.flatMap(linesOf);
        expect(lines.length).to.be.above(30);
        for (const [namespace, name, ...rest] of lines) {
            const dimensions = rest.slice(0, -1).filter((_item, index) => index % 2 === 0);
            const family = families.find(({ namespace: own = "firstlight-dev", units }) => own === namespace && name in units);
            expect(family?.dimensions, `${namespace} ${name}`).to.deep.equal(dimensions);
            expect(rest.at(-1)).to.have.all.keys("label", "stat");
        }
    });

    it("shows what runs, how well, and how it is split", () => {
        const shown = new Set(graphs.flatMap(linesOf).map(([, name]) => name));
        for (const name of [
            "Invocations", "ModelLatency", "Invocation5XXErrors", "Errors", "Duration", "Throttles", "ConcurrentExecutions", "IncomingRecords", "IteratorAge",
            "ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "Predictions", "ApproximateNumberOfMessagesVisible",
        ]) expect([...shown], name).to.include(name);
        const latency = graphs.flatMap(linesOf).filter(([, name]) => name === "ModelLatency").map((line) => (line.at(-1) as { label: string }).label);
        expect(latency).to.deep.equal(["champion", "challenger"].flatMap((variant) => ["p50", "p95", "p99"].map((stat) => `${variant} ${stat}`)));
    });

    it("finds the accuracy of every metric and variant by a search in our namespace", () => {
        const searches = graphs.map(({ properties }) => (properties["metrics"] as readonly { expression?: string }[][])[0]?.[0]?.expression).filter((expression) => expression !== undefined);
        expect(searches).to.deep.equal([`SEARCH('{"firstlight-dev","Variant","Metric"} MetricName="ModelMetric"', 'Average', 86400)`]);
    });

    it("shows the region that it is asked for", () => {
        for (const { properties } of graphs) expect(properties).to.include({ region: "us-west-2" });
    });
});
