/**
 * Failures on demand. Each is injected into one shared rehearsal; preflight says which rule would have stopped it; then the run goes on
 * for that one rule, until the phase breaks with the message that a person would have met on AWS.
 */
import { OperatorError } from "../../errors.ts";
import type { RehearsalOptions } from "../rehearsal.ts";
import type { Break, BreakSetup } from "./break.ts";
import { BreakSession } from "./breakSession.ts";
import type { BreakOutcome } from "./outcome.ts";
import { broken as F01 } from "./F01.ts";
import { broken as F02 } from "./F02.ts";
import { broken as F03 } from "./F03.ts";
import { broken as F05 } from "./F05.ts";
import { broken as F06 } from "./F06.ts";
import { broken as F08 } from "./F08.ts";
import { broken as F09 } from "./F09.ts";
import { broken as F10 } from "./F10.ts";
import { broken as F12 } from "./F12.ts";
import { broken as F27 } from "./F27.ts";
import { broken as F28 } from "./F28.ts";
import { broken as F29 } from "./F29.ts";
import { broken as F36 } from "./F36.ts";
import { broken as F40 } from "./F40.ts";
import { broken as F41 } from "./F41.ts";
import { broken as F42 } from "./F42.ts";
import { broken as F43 } from "./F43.ts";
import { broken as F44 } from "./F44.ts";
import { broken as F45 } from "./F45.ts";
import { broken as F46 } from "./F46.ts";
import { broken as F47 } from "./F47.ts";
import { broken as F48 } from "./F48.ts";
import { broken as F49 } from "./F49.ts";

/**
 * In the order in which they are rehearsed: what needs least comes first, what leaves an endpoint behind later, and last what needs a
 * stack of its own. Within that, each begins with what the one before it left, so that little has to be brought up only to be broken.
 */
export const BREAKS: readonly Break[] = [
    // Break the state machine's create, or another: before there is one.
    F05, F36, F27,
    F06, F49,
    F42, F43, F44, F45, F47,
    F10, F40,
    // The first of them finds no endpoint, and the next ones want both.
    F41, F12, F46, F48, F02,
    // These want the champion's to be gone.
    F01, F03, F08, F09,
    F28, F29,
];

/** The failures of these ids, or all for `ALL`. @throws OperatorError for an id that cannot be rehearsed. */
export function selectBreaks(ids: readonly string[]): readonly Break[] {
    const known = BREAKS.map(({ id }) => id as string).sort();
    const unknown = ids.filter((id) => id !== "ALL" && !known.includes(id));
    if (unknown.length > 0) {
        throw new OperatorError(`--break: ${unknown.join(", ")} cannot be rehearsed`, `choose of ${known.join(", ")}, or all`);
    }
    return BREAKS.filter(({ id }) => ids.includes(id) || ids.includes("ALL"));
}

export interface BreaksResult {
    readonly outcomes: readonly BreakOutcome[];
    /** What still exists after the teardown. */
    readonly leftovers: readonly string[];
}

/** Rehearses the failures, in one cloud for all that share a setup. @throws when something else breaks than what was injected. */
export async function rehearseBreaks(selected: readonly Break[], options: RehearsalOptions): Promise<BreaksResult> {
    const outcomes: BreakOutcome[] = [];
    const leftovers: string[] = [];
    for (const group of groupBySetup(selected)) {
        const result = await rehearseGroup(group, withSetup(options, group[0]?.setup));
        outcomes.push(...result.outcomes);
        leftovers.push(...result.leftovers);
    }
    return { outcomes, leftovers };
}

function groupBySetup(selected: readonly Break[]): readonly (readonly Break[])[] {
    return [...Map.groupBy(selected, ({ setup }) => JSON.stringify(setup ?? {})).values()];
}

function withSetup(options: RehearsalOptions, setup: BreakSetup = {}): RehearsalOptions {
    const { settings } = options;
    const sections = Object.entries(setup.configuration ?? {}).map(([section, values]) => {
        const key = `firstlight:${section}`;
        return [key, JSON.stringify({ ...JSON.parse(settings.config[key] ?? "{}") as object, ...values })] as const;
    });
    return {
        ...options,
        settings: { ...settings, config: { ...settings.config, ...Object.fromEntries(sections) } },
        ...(setup.program === undefined ? {} : { program: setup.program }),
    };
}

async function rehearseGroup(selected: readonly Break[], options: RehearsalOptions): Promise<BreaksResult> {
    const session = await BreakSession.start(options);
    let isComplete = false;
    try {
        const outcomes: BreakOutcome[] = [];
        for (const broken of selected) outcomes.push(await session.rehearse(broken));
        const leftovers = await session.tearDown();
        isComplete = true;
        return { outcomes, leftovers };
    } finally {
        await session.world.rehearsal.close({ keepFiles: !isComplete && !options.signal.aborted });
    }
}
