/** The head of docs/failures.md: the table of all failures, and where their numbers come from. */
import { isChecked } from "../rule.ts";
import type { RuleId } from "../rule.ts";
import { needsAccount } from "./ruleCover.ts";
import type { RuleCover } from "./ruleCover.ts";

/** Of the catalogue: F01 to F70. What was found since goes on from there. */
const CATALOGUE = 70;
/** Those of the field reports: F01 to F39. */
const REPORTED = 39;

const REPORTS = [
    ["S0", "a pipeline on SageMaker"], ["S1", "a serverless ML pipeline"], ["S2", "an API for payments"], ["S3", "a pipeline for devices"],
    ["S4", "transactions from CSV files"],
] as const;

interface Group { readonly ids: readonly RuleId[]; readonly what: string }

/** What is not AWS's refusal of a resource, and how it is counted. */
const APART: readonly Group[] = [
    { ids: ["F01", "F03", "F08", "F09"], what: "one archive, wrong in four ways: the model, as a file" },
    {
        ids: ["F14", "F33", "F39"],
        what: "one place of the state, wrong in three ways; the table of locks of two of them is another tool's, and Pulumi has none",
    },
    {
        ids: ["F11", "F13", "F30", "F35"],
        what: "the reports' own programs and tests, wrong about the stack: nothing failed in AWS, and it hid what did; held here by types, "
            + "a table and tests",
    },
    { ids: ["F04"], what: "the machine that deployed, not what it deployed to" },
];
const APART_IDS: ReadonlySet<RuleId> = new Set(APART.flatMap(({ ids }) => ids));
/** Exported for its test. */
export const GROUPS: readonly Group[] = [
    ...APART,
    { ids: catalogueIds().slice(0, REPORTED).filter((id) => !APART_IDS.has(id)), what: "what AWS or its provider refuses, bills, or lets happen" },
];

/** A row for each number of the catalogue, whether or not there is a rule, and for every rule beyond. */
export function renderOverview(covers: readonly RuleCover[]): readonly string[] {
    const byId = new Map(covers.map((cover) => [cover.rule.id, cover]));
    const ids = [...catalogueIds(), ...covers.map(({ rule }) => rule.id).filter((id) => Number(id.slice(1)) > CATALOGUE)];
    const count = (has: (cover: RuleCover) => boolean): number => covers.filter(has).length;
    const prevented = count(({ rule }) => rule.prevention !== undefined);
    const [whole, inPart] = (["all", "some"] as const).map((share) => count(({ offline }) => offline === share));
    return [
        "## All of them", "",
        `${covers.length} rules. ${prevented} failures are prevented by how the platform is built; ${whole} are found offline,`,
        `${inPart} more in part; ${count(needsAccount)} need an account to be found whole. With an account, what is found offline is found too.`,
        "What is found where was tried with the rules' own fixtures when this page was made.", "",
        "| F | What has to be true | Prevented by design | Caught offline | Caught with an account | Not caught, and why |",
        "|---|---|---|---|---|---|",
        ...ids.map((id) => renderRow(id, byId.get(id))), "",
    ];
}

function catalogueIds(): readonly RuleId[] {
    return Array.from({ length: CATALOGUE }, (_, index): RuleId => `F${String(index + 1).padStart(2, "0")}` as RuleId);
}

function renderRow(id: RuleId, cover: RuleCover | undefined): string {
    if (cover === undefined) return `| ${id} | | | | | no rule looks for it yet |`;
    const { rule, offline } = cover;
    const isPrevented = rule.prevention === undefined ? "" : "yes";
    const cells = [isPrevented, { all: "yes", some: "in part", none: "" }[offline], needsAccount(cover) ? "yes" : "", gapOf(cover)];
    return `| [${id}](#${id.toLowerCase()}) | ${[rule.title.replaceAll("|", "\\|"), ...cells].join(" | ")} |`;
}

/** What is not looked at, although something is. */
function gapOf({ rule, offline }: RuleCover): string {
    if (!isChecked(rule)) return "nothing of it is left to look for in a stack";
    return { all: "", some: "offline: what only the account shows", none: "offline: all of it lies in the account" }[offline];
}

/** What the ranges of numbers stand for, and what of the reports has none. */
export function renderOrigin(): readonly string[] {
    return [
        "## Where the numbers come from", "",
        "| Numbers | What they are |", "|---|---|",
        "| F01 to F39 | What five field reports of failed deployments tell of. They built different things, and met much the same. |",
        "| F40 to F61 | More of the same family, which the reports did not meet: from documentation and the trackers of the tools. |",
        "| F62 to F70 | What came up while this platform was designed and built. |",
        "| from F71 | What was found since; not of the catalogue. |", "",
        "The reports:", "", ...REPORTS.map(([id, what]) => `- ${id}: ${what}`), "",
        "How the thirty-nine of the reports come together:", "",
        "| How many | Which | What they are |", "|---|---|---|",
        ...GROUPS.map(({ ids, what }) => `| ${ids.length} | ${ids.map((id) => `[${id}](#${id.toLowerCase()})`).join(" ")} | ${what} |`), "",
        "The reports also list items that are no failures of a platform: metadata of their own repositories, and leftovers in them of",
        "earlier attempts. Those have no number and are not among the thirty-nine: in a stack there is nothing of them to prevent, to find",
        "or to mend.", "",
    ];
}
