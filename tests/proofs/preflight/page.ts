/** docs/preflight-proof.md: what was made wrong for each rule, and what preflight said, from the result of the last full run. */
import type { ProofResult } from "../proof.ts";
import { nameMutation } from "./mutation.ts";
import type { PreflightMutation } from "./mutation.ts";

/** @throws Error when the result has no details */
export function renderPreflightPage({ passed, failed, seed, judge, details, byKind, failures }: ProofResult, mutations: readonly PreflightMutation[]): string {
    if (details === undefined) throw new Error("the result of the proof preflight holds no details");
    const wrong = new Set(failures.map(({ id }) => id));
    const rows = mutations.flatMap((mutation) => ["as data", "end to end"].flatMap((kind) => {
        const id = `${nameMutation(mutation)} (${kind})`;
        const detail = details[id];
        return detail === undefined ? [] : [renderRow(mutation, { kind, detail, isWrong: wrong.has(id) })];
    }));
    const quiet = Object.entries(details).filter(([id]) => id.startsWith("undisturbed: ")).map(([id, detail]) => `- ${id.slice("undisturbed: ".length)}: ${detail}`);
    return `# Whether preflight finds what it is there for

For every rule that looks at something when it runs, something is made wrong in the program as it is: in the graph that the embedded engine records, in the
settings, in a file, or in what the account answers. Preflight must find it once and in its place, and nothing else but what stands beside it with a reason.
*As data*: all rules look at the recorded evidence with that one change. *End to end*: the command itself, offline, on a copy of the project.

\`npm run proof:preflight\`: ${passed + failed} cases, ${passed} as they must be, ${failed} not; ${new Set(mutations.map(({ rule }) => rule)).size} rules, ${mutations.length} mutations:
${byKind["as data"] ?? 0} as data, ${byKind["end to end"] ?? 0} end to end, and ${byKind["undisturbed"] ?? 0} looks at evidence in which nothing is wrong. Seed ${seed}, Node ${judge["node"]}.

## Nothing wrong

${quiet.join("\n")}

## Something wrong

| Rule | What is wrong | What was found | How |
|---|---|---|---|
${rows.join("\n")}

This page is made of \`tests/proofs/results/preflight.json\` by \`node tests/proofs/preflight/writePage.ts\`.
`;
}

interface Seen { readonly kind: string; readonly detail: string; readonly isWrong: boolean }

function renderRow({ rule, words, stack = "dev", also = {} }: PreflightMutation, { kind, detail, isWrong }: Seen): string {
    const reasons = Object.entries(also).map(([id, reason]) => `${id} too: ${reason}`);
    const found = isWrong ? `**${escape(detail)}**` : escape(detail);
    return `| ${rule} | ${[`${stack}: ${words}`, ...reasons].map(escape).join("; ")} | ${found} | ${kind} |`;
}

/** Stand-ins like `<arn of key>` are no HTML. */
function escape(text: string): string {
    return text.replaceAll("|", "\\|").replaceAll("\n", " ").replaceAll("<", "&lt;").replaceAll("*", "\\*");
}
