/** What a failure on demand showed, and whether it broke as predicted. */
import { wrapLine } from "../../report/wrapLine.ts";
import { describeError } from "../../errorReport.ts";
import type { RuleFinding } from "../../preflight/result.ts";
import { renderFinding } from "../../preflight/render/text.ts";
import type { Break, BreakPhase } from "./break.ts";

/** Lines begin after the elapsed time. */
const LINE_WIDTH = 108;

export interface BreakOutcome {
    readonly id: Break["id"];
    readonly what: string;
    /** What the rule would have said before; absent when no rule found anything. */
    readonly finding?: RuleFinding;
    /** Where it broke, and with which words; absent when nothing broke. */
    readonly failure?: { readonly phase: BreakPhase; readonly message: string };
    readonly onAws: string;
    readonly source: string;
    /** Why it did not break as predicted; empty when it did. */
    readonly surprises: readonly string[];
}

export interface ObservedFailure {
    readonly phase: BreakPhase;
    readonly error: unknown;
}

export interface Observation {
    readonly finding: RuleFinding | undefined;
    readonly failure: ObservedFailure | undefined;
}

export function judge(broken: Break, { finding, failure }: Observation): BreakOutcome {
    const met = failure === undefined ? undefined : { phase: failure.phase, message: describeError(failure.error) };
    return {
        id: broken.id, what: broken.what, onAws: broken.onAws, source: broken.source,
        ...(finding === undefined ? {} : { finding }),
        ...(met === undefined ? {} : { failure: met }),
        surprises: findSurprises(broken, finding, met),
    };
}

function findSurprises({ id, stopsAt, message }: Break, finding: RuleFinding | undefined, met: BreakOutcome["failure"]): readonly string[] {
    const surprises = finding === undefined ? [`the rule ${id} found nothing`] : [];
    if (met === undefined) return [...surprises, `nothing broke; expected at ${stopsAt}`];
    if (met.phase !== stopsAt) surprises.push(`it broke at ${met.phase}; expected at ${stopsAt}`);
    if (!message.test(met.message)) surprises.push(`the message does not say ${message.source}`);
    return surprises;
}

/** What is told before the run goes on all the same. */
export function renderPrevention(finding: RuleFinding | undefined): readonly string[] {
    const lines = finding === undefined ? ["no rule finds it"] : [SAID[finding.severity], ...renderFinding(finding).map(indent)];
    return lines.flatMap((line) => wrapLine(line, LINE_WIDTH));
}

const SAID: Readonly<Record<RuleFinding["severity"], string>> = {
    blocker: "preflight would have stopped it:",
    warning: "preflight would have warned of it:",
};

export function renderOutcome({ id, failure, onAws, source, surprises }: BreakOutcome): readonly string[] {
    const met = failure?.message.split("\n").map(indent) ?? [];
    const lines = [
        ...(failure === undefined ? [] : [`without it, ${describePhase(failure.phase)} (on AWS ${onAws}):`]),
        ...met,
        `seen in public: ${source}`,
        ...(surprises.length === 0 ? [`${id} broke as predicted`] : surprises.map((surprise) => `${id} NOT AS PREDICTED: ${surprise}`)),
    ];
    return lines.flatMap((line) => wrapLine(line, LINE_WIDTH));
}

function describePhase(phase: BreakPhase): string {
    return phase === "audit" ? "nothing fails, and a review finds" : `${phase} breaks`;
}

function indent(line: string): string {
    return `  ${line}`;
}
