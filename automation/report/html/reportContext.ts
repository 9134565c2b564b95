/** What every section of the report is given: the input, and what follows from it once. */
import type { HtmlReportInput } from "../htmlInput.ts";
import { summarizeEvents } from "../reportData.ts";
import type { EventSummary } from "../reportData.ts";
import { createComponentFinder } from "./components.ts";
import { findCriticalPath } from "./criticalPath.ts";
import type { ChainLink } from "./criticalPath.ts";
import type { Markup } from "./markup.ts";
import { durationOf, tellStory } from "./runStory.ts";
import type { PhaseSpan, ResourceSpan, RunStory } from "./runStory.ts";

/** A phase that worked on resources. */
export interface ResourcePhase {
    readonly phase: PhaseSpan;
    readonly spans: readonly ResourceSpan[];
    /** In the order in which they had to wait. */
    readonly chain: readonly ChainLink[];
}

export interface ReportContext {
    readonly input: HtmlReportInput;
    readonly story: RunStory;
    readonly summary: EventSummary;
    readonly resourcePhases: readonly ResourcePhase[];
    componentOf(urn: string): string;
}

export interface Section {
    /** For links within the page. */
    readonly id: string;
    readonly title: string;
    /** Undefined when this run has nothing to show there. */
    render(context: ReportContext): Promise<Markup | undefined> | Markup | undefined;
}

export function buildContext(input: HtmlReportInput): ReportContext {
    const story = tellStory(input.events);
    const resourcePhases = story.phases.flatMap((phase): readonly ResourcePhase[] => {
        const spans = story.resources.filter((span) => span.phase === phase.phase && span.startMs >= phase.startMs && span.endMs <= phase.endMs);
        if (spans.length === 0) return [];
        const chain = findCriticalPath(input.resources, new Map(spans.map((span) => [span.urn, durationOf(span)])));
        return [{ phase, spans, chain: phase.phase === "destroy" ? chain.toReversed() : chain }];
    });
    return { input, story, summary: summarizeEvents(input.events), resourcePhases, componentOf: createComponentFinder(input.resources) };
}
