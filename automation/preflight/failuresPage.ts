/** docs/failures.md, made from the rules: `node automation/preflight/failuresPage.ts > docs/failures.md`. */
import { errorClasses } from "../cloudErrors/classify.ts";
import { isChecked, lacksEvidence } from "./rule.ts";
import type { CheckedRule, Evidence, EvidencePart, Rule, RuleFixture, RuleId, StandingRule } from "./rule.ts";
import { loadRules } from "./runPreflight.ts";

/** Of the catalogue: F01 to F70. What was found since goes on from there. */
const CATALOGUE = 70;

const REPORTS = [
    ["S0", "a pipeline on SageMaker"], ["S1", "a serverless ML pipeline"], ["S2", "an API for payments"], ["S3", "a pipeline for devices"], ["S4", "transactions from CSV files"],
] as const;

/** How a standing rule is held. */
const STANDING: Readonly<Record<StandingRule["kind"], string>> = {
    design: "by how the platform is built", types: "by types: what is wrong does not compile", test: "by a test",
};

/** Where each part of the evidence comes from: `offline` is there on every machine, without credentials. */
const PARTS: Readonly<Record<EvidencePart, { readonly words: string; readonly isOffline: boolean }>> = {
    config: { words: "the stack's configuration", isOffline: true },
    settings: { words: "the stack's files", isOffline: true },
    runner: { words: "the environment of the command", isOffline: true },
    packages: { words: "package.json and what is installed", isOffline: true },
    plans: { words: "the planned resources, with endpoints and without", isOffline: true },
    plan: { words: "the planned resources", isOffline: true },
    servingImageTag: { words: "the image of the planned model", isOffline: true },
    state: { words: "the state", isOffline: false },
    approved: { words: "which model is approved", isOffline: false },
    artifact: { words: "the model's archive in S3", isOffline: false },
    models: { words: "the models' archives in S3", isOffline: false },
    account: { words: "read-only questions to the account", isOffline: false },
};

/** How much of what a rule finds it finds with what is there offline. */
type Share = "all" | "some" | "none";

interface RuleCover {
    readonly rule: Rule;
    /** `none` for what is held by how it is built: nothing is looked for. */
    readonly offline: Share;
}

/** The whole page. What is found offline is not claimed but tried, with the rules' own fixtures. @param rules in order of their ids */
export async function renderFailuresPage(rules: readonly Rule[]): Promise<string> {
    const covers = await Promise.all(rules.map(async (rule): Promise<RuleCover> => ({ rule, offline: isChecked(rule) ? await findShare(rule) : "none" })));
    return [
        "# Failures", "",
        "Made from the rules in automation/preflight/rules/ by `node automation/preflight/failuresPage.ts > docs/failures.md`; a test compares.", "",
        "What is known to go wrong with platforms of this kind on AWS: what happened, how it is kept from happening here, how it is found, and what to do.",
        "`npm run preflight -- --stack dev` looks for all of it that can be looked for, `--offline` without credentials, `--explain F21` prints one of them.",
        "What could not be looked at is said to be not checked, never to have passed. Messages of AWS by their words: [errors.md](errors.md).", "",
        ...renderOverview(covers), ...renderOrigin(), ...covers.flatMap(renderRule),
    ].join("\n").trimEnd() + "\n";
}

/** Shows the check every fixture that it must find, without what an account would say. */
async function findShare(rule: CheckedRule): Promise<Share> {
    const found = await Promise.all(rule.mustFind.map(async (fixture) => {
        const evidence = withoutAccount(await fixture.evidence());
        return lacksEvidence(rule, evidence).length === 0 && rule.applies(evidence) && (await rule.check(evidence)).findings.length > 0;
    }));
    return found.every(Boolean) ? "all" : found.some(Boolean) ? "some" : "none";
}

function withoutAccount(evidence: Evidence): Evidence {
    const parts = (Object.keys(PARTS) as EvidencePart[]).filter((part) => PARTS[part].isOffline && evidence[part] !== undefined);
    return { stack: evidence.stack, ...Object.fromEntries(parts.map((part) => [part, evidence[part]])) };
}

function renderOverview(covers: readonly RuleCover[]): readonly string[] {
    const byId = new Map(covers.map((cover) => [cover.rule.id, cover]));
    const ids = [...catalogueIds(), ...covers.map(({ rule }) => rule.id).filter((id) => Number(id.slice(1)) > CATALOGUE)];
    const prevented = covers.filter(({ rule }) => rule.prevention !== undefined).length;
    const offline = covers.filter(({ offline: share }) => share !== "none").length;
    const withAccount = covers.filter(needsAccount).length;
    return [
        "## All of them", "",
        `${covers.length} rules: ${prevented} failures are prevented by how the platform is built, ${offline} are found offline, whole or in part, and `
            + `${withAccount} with an account; many in more than one way. What is found offline is found with an account too.`, "",
        "| F | What has to be true | Prevented by design | Caught offline | Caught with an account | Not caught, and why |", "|---|---|---|---|---|---|",
        ...ids.map((id) => renderRow(id, byId.get(id))), "",
    ];
}

function catalogueIds(): readonly RuleId[] {
    return Array.from({ length: CATALOGUE }, (_, index): RuleId => `F${String(index + 1).padStart(2, "0")}` as RuleId);
}

function renderRow(id: RuleId, cover: RuleCover | undefined): string {
    if (cover === undefined) return `| ${id} | | | | | no rule looks for it yet |`;
    const { rule, offline } = cover;
    const cells = [rule.prevention === undefined ? "" : "yes", { all: "yes", some: "in part", none: "" }[offline], needsAccount(cover) ? "yes" : "", gapOf(cover)];
    return `| [${id}](#${id.toLowerCase()}) | ${[cell(rule.title), ...cells].join(" | ")} |`;
}

/** Whether there is something that only an account shows. */
function needsAccount({ rule, offline }: RuleCover): boolean {
    return isChecked(rule) && offline !== "all";
}

/** What is not looked at, although something is. */
function gapOf({ rule, offline }: RuleCover): string {
    if (!isChecked(rule)) return "nothing of it is left to look for in a stack";
    return { all: "", some: "offline: what only the account shows", none: "offline: all of it lies in the account" }[offline];
}

function renderOrigin(): readonly string[] {
    return [
        "## Where the numbers come from", "",
        "| Numbers | What they are |", "|---|---|",
        "| F01-F39 | What five field reports of failed deployments tell of. They built different things and met the same failures. |",
        "| F40-F61 | More of the same family, which the reports did not meet: found in documentation and in the trackers of the tools, each with its page. |",
        "| F62-F70 | What came up while this platform was designed and built. |",
        "| from F71 | What was found since; not of the catalogue. |", "",
        "The reports:", "", ...REPORTS.map(([id, what]) => `- ${id}: ${what}`), "",
        "Thirty-nine numbers are not thirty-nine causes. F14, F33 and F39 are three ways for the place of the state to be wrong, and share one reader of it. F01, F03,",
        "F08 and F09 are four ways for one archive to be wrong. F11 and F30 are about what the stack says of itself, F13 and F35 about what it was to be: there the fault",
        "lay in the reports' own programs and tests, and it hid what was wrong with the stack; so they are held here by types, a table and tests.", "",
        "The reports also count items that are no failures of a platform: metadata of their own repositories, and leftovers in them of earlier attempts. Those have no",
        "number: in a stack there is nothing of them to prevent, to find or to mend.", "",
    ];
}

function renderRule(cover: RuleCover): readonly string[] {
    const { rule } = cover;
    const { id, title, story, source, prevention, fix } = rule;
    return [
        `## <a id="${id.toLowerCase()}"></a>${id}: ${title}`, "",
        `**What happened.** ${story} (${linkOf(source)})`, "",
        ...(prevention === undefined ? [] : [`**How it is prevented.** ${prevention}`, ""]),
        ...(isChecked(rule) ? renderCheck(rule, cover) : renderHolding(rule)),
        `**What to do when you meet it.** ${sentence(fix)}`, "",
        ...renderMessages(id),
    ];
}

const WHEN: Readonly<Record<Share, string>> = { all: "offline", some: "offline in part, whole with an account", none: "with an account" };

function renderCheck({ id, needs, mustFind, mustPass }: CheckedRule, cover: RuleCover): readonly string[] {
    const parts = new Set([...needs, ...(cover.offline === "some" ? ["account" as const] : [])].map((part) => PARTS[part].words));
    return [
        `**How it is caught.** ${sentence(`${WHEN[cover.offline]}, from ${listWords([...parts])}`)} `
            + `\`npm run preflight -- --stack <stack> --only ${id}\``, "",
        `It finds: ${listTitles(mustFind)}.`, "", `It passes: ${listTitles(mustPass)}.`, "",
    ];
}

function renderHolding({ kind, heldBy }: StandingRule): readonly string[] {
    return [`**How it is held.** ${sentence(`${STANDING[kind]}: ${heldBy.map((file) => `[${file}](../${file})`).join(", ")}`)}`, ""];
}

/** How the failure shows itself when it was not caught: what the table of errors has under its number. */
function renderMessages(id: RuleId): readonly string[] {
    const known = errorClasses.filter(({ failure }) => failure === id);
    if (known.length === 0) return [];
    return ["How it shows itself otherwise ([errors.md](errors.md)):", "", ...known.map(({ id: error, what }) => `- \`${error}\`: ${what}`), ""];
}

function linkOf(source: string): string {
    return source.startsWith("https://") ? `[source](${source})` : source;
}

function listTitles(fixtures: readonly RuleFixture[]): string {
    return fixtures.map(({ title }) => title).join("; ");
}

function listWords(words: readonly string[]): string {
    return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function sentence(text: string): string {
    const end = /[.!?`]$/.test(text) ? "" : ".";
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}

function cell(text: string): string {
    return text.replaceAll("|", "\\|");
}

if (import.meta.main) process.stdout.write(await renderFailuresPage(await loadRules()));
