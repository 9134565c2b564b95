/** docs/false-alarms.md, made from the result of the proof: `node tests/proofs/alarmsPage.ts > docs/false-alarms.md`. */
import { readResult } from "./proof.ts";
import type { ProofResult } from "./proof.ts";
import { EXCLUDED } from "./alarms/excluded.ts";
import { REGIONS, STACKS, TRUE_FINDINGS } from "./alarms/stacks.ts";

/** What a case's detail says was found. */
interface Found { readonly rule: string; readonly severity: string; readonly what: string }

/** The whole page. */
export function renderAlarmsPage(result: ProofResult): string {
    const { details = {}, passed, failed, seed, finishedAt, failures } = result;
    const ofGroup = (group: string): (readonly [string, string])[] => Object.entries(details).filter(([id]) => id.startsWith(`${group} `)).map(([id, detail]) => [id.slice(group.length + 1), detail]);
    return [
        "# No false alarm", "",
        "Made from tests/proofs/results/alarms.json by `node tests/proofs/alarmsPage.ts > docs/false-alarms.md`; a test compares. The proof is",
        "`npm run proof:alarms`: it changes a copy of the project as a user would, looks at it as `preflight --offline` does with all rules, and",
        "holds every ARN, region, host and name of both graphs against the region. `npm test` runs a sample.", "",
        `Last full run: ${finishedAt.slice(0, 10)}, seed ${seed}: ${passed} cases as they must be, ${failed} not.`, "",
        ...failures.flatMap(({ id, detail }) => [`- not as it must be: \`${id}\`: ${detail}`]), ...(failures.length === 0 ? [] : [""]),
        "## The three stacks in five regions", "",
        "Changed for each: `aws:region`. Zones are asked of the account, and images come from a table.", "",
        "| stack | region | blockers | warnings |", "|---|---|---|---|",
        ...STACKS.flatMap((stack) => REGIONS.map((region) => renderStack(stack, region, details[`stack ${stack} ${region}`]))), "",
        "What is found is true:", "",
        ...TRUE_FINDINGS.map(({ rule, severity, regions, reason, source }) => `- [${rule}](failures.md#${rule.toLowerCase()}), ${severity}, ${regions.join(" and ")}: ${reason} ([source](${source}))`), "",
        "With `inference.endpoints: off`, which is the fix that F64 names, no blocker is left:",
        `${ofGroup("fixed").map(([id, detail]) => `${id}: ${count(parseFound(detail), "blocker")}`).join("; ")}.`, "",
        "## Set-ups drawn from the configuration's keys", "",
        `${ofGroup("set-up").length} set-ups, each key within its bounds and often at them: ${ofGroup("set-up").reduce((sum, [, detail]) => sum + count(parseFound(detail), "blocker"), 0)} blockers,`,
        `${ofGroup("set-up").reduce((sum, [, detail]) => sum + count(parseFound(detail), "warning"), 0)} warnings. What means nothing is refused when it is read, at its key:`, "",
        ...EXCLUDED.map(({ title, key }) => `- ${title}: \`firstlight:${key}\``), "",
        "## Names", "",
        "| given | result |", "|---|---|",
        ...["suffix", "stack's name", "project's name"].flatMap((kind) => ofGroup(kind).map(([name, detail]) => `| ${kind} \`${name}\` | ${renderName(detail)} |`)), "",
    ].join("\n");
}

function renderStack(stack: string, region: string, detail = "not run"): string {
    const found = parseFound(detail);
    const listed = (severity: string): string => found.filter((each) => each.severity === severity).map(({ rule }) => rule).join(" ") || "none";
    return `| ${stack} | ${region} | ${listed("blocker")} | ${listed("warning")} |`;
}

function renderName(detail: string): string {
    if (detail.startsWith("refused: ")) return detail.replaceAll("|", "\\|");
    const found = parseFound(detail);
    return `taken: ${count(found, "blocker")} blockers, ${count(found, "warning")} warnings`;
}

function count(found: readonly Found[], severity: string): number {
    return found.filter((each) => each.severity === severity).length;
}

function parseFound(detail: string): readonly Found[] {
    return detail.split(" | ").flatMap((part) => {
        const [, rule, severity, what] = /^(F\d+) (blocker|warning): (.*)$/.exec(part) ?? [];
        return rule === undefined || severity === undefined || what === undefined ? [] : [{ rule, severity, what }];
    });
}

if (import.meta.main) {
    const result = readResult("alarms");
    if (result === undefined) throw new Error("tests/proofs/results/alarms.json is missing: run `npm run proof:alarms`");
    process.stdout.write(renderAlarmsPage(result));
}
