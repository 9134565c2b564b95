/** Runs the rules over the evidence. A rule that fails in a way of its own is reported as not checked, never as passed. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { PreflightResult, RuleFinding } from "./result.ts";
import type { CheckResult, Evidence, Finding, Rule, RuleKind } from "./rule.ts";

const RULES_FOLDER = path.join(import.meta.dirname, "rules");

/** All rules, by the files in `rules/`, in order of their ids. */
export async function loadRules(): Promise<readonly Rule[]> {
    const files = (await readdir(RULES_FOLDER)).filter((file) => /^F\d+\.ts$/.test(file)).sort();
    const modules = await Promise.all(files.map((file) => import(pathToFileURL(path.join(RULES_FOLDER, file)).href) as Promise<{ rule: Rule }>));
    return modules.map(({ rule }) => rule);
}

/** @param kinds only rules of these kinds; all by default */
export async function runPreflight(evidence: Evidence, kinds?: readonly RuleKind[]): Promise<PreflightResult> {
    const rules = (await loadRules()).filter(({ kind }) => kinds === undefined || kinds.includes(kind));
    const findings: RuleFinding[] = [];
    const passed: PreflightResult["passed"][number][] = [];
    const notChecked: PreflightResult["notChecked"][number][] = [];
    for (const rule of rules) {
        const result = await checkViews(rule, evidence);
        if (!result.checked) notChecked.push({ id: rule.id, because: result.because });
        else if (result.findings.length === 0) passed.push(rule.id);
        else findings.push(...result.findings.map((finding) => ({ ...finding, id: rule.id, title: rule.title, fix: finding.fix ?? rule.fix })));
    }
    return { findings, passed, notChecked };
}

/** A rule about an artifact looks at that of every variant. Not checked as soon as one of them is not. */
async function checkViews(rule: Rule, evidence: Evidence): Promise<CheckResult> {
    const { models = [] } = evidence;
    const views = rule.kind === "artifact" && models.length > 0 ? models.map((model) => ({ ...evidence, ...model })) : [evidence];
    const findings = new Map<string, Finding>();
    for (const view of views) {
        const result = await checkRule(rule, view);
        if (!result.checked) return result;
        for (const finding of result.findings) findings.set(`${finding.where} ${finding.what}`, finding);
    }
    return { checked: true, findings: [...findings.values()] };
}

async function checkRule(rule: Rule, evidence: Evidence): Promise<CheckResult> {
    if (!rule.applies(evidence)) return { checked: false, because: "there is nothing for it to look at yet" };
    try {
        return await rule.check(evidence);
    } catch (error) {
        return { checked: false, because: `the check itself failed: ${error instanceof Error ? error.message : String(error)}` };
    }
}
