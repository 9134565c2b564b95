/** Runs the rules over the evidence. A rule that fails in a way of its own is reported as not checked, never as passed. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { UnansweredError } from "./account/accountView.ts";
import type { PreflightResult, RuleFinding, RuleReason } from "./result.ts";
import { describeLack, isChecked, lacksEvidence } from "./rule.ts";
import type { CheckedKind, CheckedRule, CheckResult, Evidence, Finding, GraphName, Rule, RuleId } from "./rule.ts";

const RULES_FOLDER = path.join(import.meta.dirname, "rules");
/** Rules that ask the account at the same time. */
const CONCURRENCY = 8;

export interface PreflightOptions {
    /** Only rules of these kinds. @default all */
    readonly kinds?: readonly CheckedKind[];
    /** Only these rules. @default all */
    readonly only?: readonly RuleId[];
    /** Rules that are left out, each with its reason. @default none */
    readonly skipped?: readonly RuleReason[];
}

/** All rules, by the files in `rules/`, in order of their ids. */
export async function loadRules(): Promise<readonly Rule[]> {
    const files = (await readdir(RULES_FOLDER)).filter((file) => /^F\d+\.ts$/.test(file)).sort();
    const modules = await Promise.all(files.map((file) => import(pathToFileURL(path.join(RULES_FOLDER, file)).href) as Promise<{ rule: Rule }>));
    return modules.map(({ rule }) => rule);
}

/** The rules that have a check; the others are held by how the platform is built. */
export async function loadCheckedRules(): Promise<readonly CheckedRule[]> {
    return (await loadRules()).filter(isChecked);
}

/** Has the rules loaded, and what they load in turn: for the time in which the evidence is gathered. */
export async function prepareRules(): Promise<void> {
    for (const { prepare } of await loadCheckedRules()) prepare?.();
}

export async function runPreflight(evidence: Evidence, { kinds, only, skipped = [] }: PreflightOptions = {}): Promise<PreflightResult> {
    const rules = (await loadCheckedRules()).filter(({ id, kind }) => (kinds?.includes(kind) ?? true) && (only?.includes(id) ?? true));
    const left = rules.filter(({ id }) => !skipped.some((each) => each.id === id));
    const looks = await mapBounded(left, (rule) => lookAt(rule, evidence));
    const findings = causesFirst(looks).flatMap(({ rule, found }) => found.map((finding) => ({ ...finding, id: rule.id, title: rule.title, fix: finding.fix ?? rule.fix })));
    const isClean = ({ found, open, applied }: Look): boolean => applied && found.length === 0 && open === undefined;
    return {
        findings: [...findings.filter(({ severity }) => severity === "blocker"), ...findings.filter(({ severity }) => severity !== "blocker")],
        passed: looks.filter(isClean).map(({ rule }) => rule.id),
        notChecked: looks.flatMap(({ rule, open }) => (open === undefined ? [] : [{ id: rule.id, because: open }])),
        notApplicable: looks.filter(({ applied, open }) => !applied && open === undefined).map(({ rule }) => rule.id),
        skipped: skipped.filter(({ id }) => rules.some((rule) => rule.id === id)),
    };
}

interface Look {
    readonly rule: CheckedRule;
    /** Whether there was anything of the kind, in any view. */
    readonly applied: boolean;
    readonly found: readonly (Finding & Pick<RuleFinding, "graph">)[];
    readonly open?: string;
}

/** In the order of the ids, but for rules that explain what others find. */
function causesFirst(looks: readonly Look[]): readonly Look[] {
    // A blank sorts before what stands for the rule itself.
    const rank = ({ rule: { id, explains = [] } }: Look): string => [`${id}.`, ...explains.map((other) => `${other} `)].sort()[0] ?? id;
    return looks.map((look) => ({ look, rank: rank(look) })).sort((one, other) => (one.rank < other.rank ? -1 : 1)).map(({ look }) => look);
}

interface View { readonly evidence: Evidence; readonly graph?: GraphName }

/** A rule looks at both graphs, and one about an artifact at that of every variant. */
async function lookAt(rule: CheckedRule, evidence: Evidence): Promise<Look> {
    const views = viewsOf(rule, evidence);
    const seen = new Map<string, { readonly finding: Finding; readonly graphs: (GraphName | undefined)[] }>();
    const open: string[] = [];
    let applied = false;
    for (const { evidence: view, graph } of views) {
        const missing = lacksEvidence(rule, view);
        if (missing.length > 0) {
            open.push(describeLack(missing, view));
            continue;
        }
        try {
            if (!rule.applies(view)) continue;
            applied = true;
            const result = await checkAsFarAsAnswered(rule, view);
            if (result.open !== undefined) open.push(result.open);
            for (const finding of result.findings) {
                const key = `${finding.where} ${finding.what}`;
                seen.set(key, { finding, graphs: [...seen.get(key)?.graphs ?? [], graph] });
            }
        } catch (error) {
            open.push(`the check itself failed: ${error instanceof Error ? error.message : String(error)}`);
        }
    }
    const graphViews = views.filter(({ graph }) => graph !== undefined).length;
    const found = [...seen.values()].map(({ finding, graphs: [graph, ...more] }) => (
        graph === undefined || more.length + 1 === graphViews ? finding : { ...finding, graph }));
    return { rule, applied, found, ...(open.length === 0 ? {} : { open: [...new Set(open)].join("; ") }) };
}

/** A rule that looks at the account beside other things still says what it found in those when the account does not answer. */
async function checkAsFarAsAnswered(rule: CheckedRule, evidence: Evidence): Promise<CheckResult> {
    try {
        return await rule.check(evidence);
    } catch (error) {
        if (!(error instanceof UnansweredError)) throw error;
        const { account: _account, ...unasked } = evidence;
        const { findings } = rule.needs.includes("account") ? { findings: [] } : await rule.check(unasked);
        return { findings, open: error.message };
    }
}

function viewsOf({ kind, needs }: CheckedRule, evidence: Evidence): readonly View[] {
    const { models = [], plans } = evidence;
    const planned: readonly View[] = plans === undefined || !needs.includes("plan") ? [{ evidence }] : [
        { evidence: { ...evidence, plan: plans.asIs }, graph: "as it is" },
        { evidence: { ...evidence, plan: plans.endpointsOn }, graph: "with endpoints on" },
    ];
    if (kind !== "artifact" || models.length === 0) return planned;
    // A model whose artifact is gone must not be shown that of another.
    return planned.flatMap(({ evidence: { artifact: _artifact, ...rest }, ...view }) => models.map((model) => ({ ...view, evidence: { ...rest, ...model } })));
}

/** In the order of the items, some at a time. */
async function mapBounded<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
    const results: Result[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
        for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    return results;
}
