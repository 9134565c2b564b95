/** What `report.html` is made of: the events of a run and the resources of the stack. */
import type { TimedEvent } from "../progress/reporter.ts";
import type { StackResource } from "../engine/engine.ts";
import type { ReportData } from "./reportData.ts";

export interface HtmlReportInput {
    /** For the title, for example `Rehearsal of dev`. */
    readonly title: string;
    readonly events: readonly TimedEvent[];
    /** Resources after `up`, with parents and dependencies. */
    readonly resources: readonly Pick<StackResource, "urn" | "type" | "name" | "custom" | "parent" | "dependencies">[];
    /** Of a rehearsal: what ran and what not. Absent for a real deployment, where everything really ran. */
    readonly rehearsal?: ReportData;
}
