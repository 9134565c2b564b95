/** docs/failures.md, made from the rules: `node automation/preflight/failuresPage.ts > docs/failures.md`. */
import { errorClasses } from "../cloudErrors/classify.ts";
import { renderOrigin, renderOverview } from "./failures/overview.ts";
import { evidenceParts, measureCover } from "./failures/ruleCover.ts";
import type { RuleCover, Share } from "./failures/ruleCover.ts";
import { isChecked } from "./rule.ts";
import type { CheckedRule, Rule, RuleFixture, RuleId, StandingRule } from "./rule.ts";
import { loadRules } from "./runPreflight.ts";

/** How a standing rule is held. */
const STANDING: Readonly<Record<StandingRule["kind"], string>> = {
    design: "by how the platform is built", types: "by types: what is wrong does not compile", test: "by a test",
};
/** What has no prevention: mostly parts that a program of this kind may have, and this one does not. */
const CHECK_ALONE = "Not by how the platform is built: only the check stands between.";
const WHEN: Readonly<Record<Share, string>> = { all: "offline", some: "offline in part, whole with an account", none: "with an account" };

/** The whole page. @param rules in order of their ids */
export async function renderFailuresPage(rules: readonly Rule[]): Promise<string> {
    const covers = await Promise.all(rules.map(measureCover));
    return [
        "# Failures", "",
        "Made from automation/preflight/rules/ by `node automation/preflight/failuresPage.ts > docs/failures.md`; a test compares.", "",
        "What is known to go wrong with platforms of this kind on AWS: what happened, how it is kept from happening here, how it is found,",
        "and what to do. `npm run preflight -- --stack dev` looks for all of it that can be looked for, `--offline` without credentials;",
        "`--explain F21` prints one of them. What could not be looked at is said to be not checked, never to have passed. Messages of AWS",
        "and of Pulumi, by their words: [errors.md](errors.md).", "",
        ...renderOverview(covers), ...renderOrigin(), ...covers.flatMap(renderRule),
    ].join("\n").trimEnd() + "\n";
}

function renderRule({ rule, offline }: RuleCover): readonly string[] {
    const { id, title, story, source, prevention, fix } = rule;
    return [
        `## <a id="${id.toLowerCase()}"></a>${id}: ${title}`, "",
        `**What happened.** ${prose(story)} (${source.startsWith("https://") ? `[source](${source})` : source})`, "",
        `**How it is prevented.** ${prevention === undefined ? CHECK_ALONE : prose(prevention)}`, "",
        ...(isChecked(rule) ? renderCheck(rule, offline) : renderHolding(rule)),
        `**What to do when you meet it.** ${prose(sentence(fix))}`, "",
        ...renderMessages(id),
    ];
}

function renderCheck({ id, needs, mustFind, mustPass }: CheckedRule, offline: Share): readonly string[] {
    const parts = new Set([...needs, ...(offline === "some" ? ["account" as const] : [])].map((part) => evidenceParts[part].words));
    const how = sentence(`${WHEN[offline]}, from ${listWords([...parts])}`);
    return [
        `**How it is caught.** ${how} \`npm run preflight -- --stack dev --only ${id}\``, "",
        `It finds: ${listTitles(mustFind)}.`, "", `It passes: ${listTitles(mustPass)}.`, "",
    ];
}

function renderHolding({ kind, heldBy }: StandingRule): readonly string[] {
    return [`**How it is held.** ${sentence(`${STANDING[kind]} (${heldBy.map((file) => `[${file}](../${file})`).join(", ")})`)}`, ""];
}

/** How the failure shows itself when it was not caught: what the table of errors has under its number. */
function renderMessages(id: RuleId): readonly string[] {
    const known = errorClasses.filter(({ failure }) => failure === id);
    if (known.length === 0) return [];
    const messages = known.map((each) => `- \`${each.id}\`: ${prose(each.what)}`);
    return ["How it shows itself otherwise ([errors.md](errors.md)):", "", ...messages, ""];
}

function listTitles(fixtures: readonly RuleFixture[]): string {
    return prose(fixtures.map(({ title }) => title).join("; "));
}

function listWords(words: readonly string[]): string {
    return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Outside of code, `<stack>` would be taken for a tag and `s3:*` for emphasis. */
function prose(text: string): string {
    const parts = text.split(/(`[^`]*`)/);
    return parts.map((part) => (part.startsWith("`") ? part : part.replaceAll("<", "&lt;").replaceAll("*", "\\*"))).join("");
}

function sentence(text: string): string {
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

if (import.meta.main) process.stdout.write(await renderFailuresPage(await loadRules()));
