/** docs/resume.md: what happened at each kill, from the result of the last full run. */
import type { ProofResult } from "../proof.ts";
import { KILLED_PHASES } from "./cases.ts";
import { THEN } from "./story.ts";

/** @throws Error when the result has no details */
export function renderResumePage({ passed, failed, seed, judge, details = {}, byKind, failures }: ProofResult): string {
    const rows = Object.entries(details).map(([id, detail]) => ({ id, detail }));
    if (rows.length === 0) throw new Error("the result of the proof kill holds no details");
    const wrong = new Set(failures.map(({ id }) => id));
    const within = KILLED_PHASES.map((phase) => `${byKind[`within ${phase}`] ?? 0} in ${phase}`).join(", ");
    const sections = KILLED_PHASES.map((phase) => [
        `## ${phase}`, "",
        "| Kill | Killed | The next run | Result |", "|---|---|---|---|",
        ...rows.filter(({ id }) => phaseOf(id) === phase).map(({ id, detail }) => renderRow(id, detail, wrong.has(id))), "",
    ].join("\n"));
    return `${renderHead({ passed, failed, seed, judge, within, byKind })}\n${sections.join("\n")}`;
}

function renderHead({ passed, failed, seed, judge, within, byKind }: Pick<ProofResult, "passed" | "failed" | "seed" | "judge" | "byKind"> & { within: string }): string {
    return `# After a kill

A driver that is killed, with SIGKILL, leaves what it had begun: locks, creates of which nobody knows whether they were done, a pipeline that goes on.
The same command, given once more, goes on from there. It clears the locks of processes that are dead and waits for a Pulumi CLI that still works,
asks the account what became of every create that was begun (*adopted*: it exists and is in the state now; *forgotten*: it does not, and is made again;
*deleted*: nothing could become of it), refreshes the state, and attaches to the training run that its data has started.

\`npm run proof:kill\` tries that: ${passed + failed} kills, ${passed} of them recovered from, seed ${seed}, ${judge["engine"]}, Node ${judge["node"]}, on the rehearsal cloud.
A deployment goes from nothing to nothing through its phases and is killed once in each. After every kill the next run's state (URNs and inputs, but for
random parts), the things in the cloud by kind, and the number of training runs for each version of the data are compared with those of an undisturbed
run; after destroy neither state nor cloud may hold anything.

In the middle of a phase: ${within}; the rest at its edges. On the embedded engine ${byKind["embedded"] ?? 0}, with the Pulumi CLI ${byKind["pulumi"] ?? 0}: there the driver alone was killed
${byKind["driver killed"] ?? 0} times (its CLI was at work and went on alone in ${byKind["CLI went on"] ?? 0} of them), the CLI alone ${byKind["cli killed"] ?? 0} times, and both at once ${byKind["both killed"] ?? 0} times.

This page is made of \`tests/proofs/results/kill.json\` by \`node tests/proofs/kill/writePage.ts\`.
`;
}

/** Of `embedded 2: up at 41 % + 122 ms, driver`, or `edge: up started`. */
function phaseOf(id: string): string {
    return / (?<phase>[a-z-]+) (at|started|done)/.exec(id)?.groups?.["phase"] ?? "";
}

function renderRow(id: string, detail: string, isWrong: boolean): string {
    const [death = "", recovery = "", result = ""] = detail.split(THEN);
    return `| ${[id.replace(/: .*? (at|started|done)/, " $1").replace(/, \w+$/, ""), death, shorten(recovery), isWrong ? `**${result}**` : result].map(escape).join(" | ")} |`;
}

/** What every destroy of a stack that has trained finds and deletes is counted; names are left out. The embedded engine has a lock as Pulumi has. */
function shorten(recovery: string): string {
    const leftovers = /; deleted (sagemaker|logs):[^;]*?which the stack( left)?(?=;| \(\d+ s\)$)/g;
    const count = recovery.match(leftovers)?.length ?? 0;
    const text = recovery.replaceAll(leftovers, "").replaceAll("Pulumi's lock", "the engine's lock").replace(/uploading \S+ \(.*?\) to \S+/, "uploaded the data");
    return count === 0 ? text : text.replace(/ (?=\(\d+ s\)$)/, `; ${count} leftovers deleted `);
}

function escape(text: string): string {
    return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
