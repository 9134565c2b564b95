import { readFileSync } from "node:fs";
import { expect } from "chai";
import { EXIT } from "../../automation/errorReport.ts";
import { parseDriverOptions } from "../../automation/driver/options.ts";
import { Observability } from "../../components/observability/observability.ts";
import { runProgram } from "../support/mocks.ts";
import { testConfig, testContext } from "../support/programContexts.ts";

const RUNBOOK = readFileSync(new URL("../../docs/runbook.md", import.meta.url), "utf8");

/** Sections by their part of the page: `## name` below `# part`. */
function readSections(): ReadonlyMap<string, readonly string[]> {
    const parts = RUNBOOK.split(/^# /m).slice(1).map((text): [string, readonly string[]] => [
        text.slice(0, text.indexOf("\n")), [...text.matchAll(/^## (\S+)$/gm)].map(([, name]) => name ?? ""),
    ]);
    return new Map(parts);
}

function anchorOf(text: string): string {
    const anchor = /docs\/runbook\.md#([a-z0-9-]+)"?$/.exec(text)?.[1];
    if (anchor === undefined) throw new Error(`names no section of the runbook: ${text}`);
    return anchor;
}

/** The program's, not a copy. */
async function declare() {
    const args = { context: testContext(), config: testConfig({ budget: { monthlyUsd: 100 } }), functionParts: ["inference", "stream-consumer"], alertTopicArn: "arn:topic" };
    return (await runProgram(() => void new Observability("observability", args))).resources;
}

describe("the runbook", () => {
    const sections = readSections();

    it("has a section for each alarm, which names it, and none for an alarm that there is not", async () => {
        const alarms = (await declare()).ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
        expect(new Set(alarms.map(({ inputs }) => anchorOf(inputs["alarmDescription"])))).to.deep.equal(new Set(sections.get("Alarms")));
        for (const { inputs } of alarms) expect(inputs["name"]).to.match(new RegExp(`^firstlight-dev-${anchorOf(inputs["alarmDescription"])}(-|$)`));
        for (const section of sections.get("Alarms") ?? []) expect(RUNBOOK, section).to.contain(`## ${section}\n\`firstlight-dev-${section}`);
    });

    it("has a section for each rule that tells of something, and none for others", async () => {
        const targets = (await declare()).ofType("aws:cloudwatch/eventTarget:EventTarget");
        expect(targets.map(({ inputs }) => anchorOf(inputs["inputTransformer"].inputTemplate))).to.have.members([...sections.get("Rules") ?? []]);
        for (const { inputs } of targets) expect(inputs["rule"]).to.equal(`firstlight-dev-${anchorOf(inputs["inputTransformer"].inputTemplate)}`);
    });

    it("has a section for the budget", async () => {
        expect((await declare()).ofType("aws:budgets/budget:Budget").map(({ inputs }) => inputs["name"])).to.deep.equal((sections.get("Budget") ?? []).map((part) => `firstlight-dev-${part}`));
    });

    it("has a section for each exit code, and none for others", () => {
        expect(sections.get("Exit codes")).to.have.members(Object.values(EXIT).map((code) => `exit-${code}`));
    });

    it("says in every section on something that went wrong what to type or where to look", () => {
        for (const text of RUNBOOK.split(/^## /m).slice(1)) {
            const name = text.slice(0, text.indexOf("\n"));
            if (name !== "exit-0") expect(/`(npm|aws|pulumi|firstlight-dev|fix:)|\]\(#/.test(text), name).to.equal(true);
        }
    });

    it("links to sections that there are", () => {
        const all = [...sections.values()].flat();
        for (const [, anchor = ""] of RUNBOOK.matchAll(/\]\(#([a-z0-9-]+)\)/g)) expect(all).to.include(anchor);
    });

    it("types commands that the driver takes", () => {
        const commands = [...RUNBOOK.matchAll(/`npm run deploy -- ([^`]+)`/g)].map(([, words = ""]) => words.split(" "));
        expect(commands).to.have.length.above(5);
        for (const words of commands) expect(parseDriverOptions(words, { projectFolder: "/project", environment: {} }), words.join(" ")).to.have.property("command");
    });

    it("names saved queries and a dashboard that there are", async () => {
        const resources = await declare();
        const names = [...resources.ofType("aws:cloudwatch/queryDefinition:QueryDefinition").map(({ inputs }) => inputs["name"]), resources.named("dashboard").inputs["dashboardName"]];
        const named = [...RUNBOOK.matchAll(/(?:saved query|The dashboard)\s`([a-z-]+)`/g)].map(([, name]) => name);
        expect(named).to.have.length.above(3);
        expect(names).to.include.members(named);
    });
});
