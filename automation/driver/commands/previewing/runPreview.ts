/** What an `up` would do, for people by component, for machines as one event. */
import type { PlannedChange } from "../../../engine/engine.ts";
import { formatCounts } from "../../../progress/eventLines.ts";
import type { Session } from "../../session.ts";
import { groupByComponent } from "./groupByComponent.ts";

/** Takes no lock: it reads the state as it is, and a run that goes on may change it meanwhile. */
export async function runPreview(session: Session): Promise<void> {
    const { reporter, signal } = session;
    const engine = await session.engine();
    const { counts, changes } = await engine.preview({
        signal,
        // Each resource would be a line here, and is one of the result anyway.
        onEvent: (event) => { if (event.kind === "diagnostic") reporter.report(event); },
    });
    reporter.report({ kind: "preview", counts, changes });
    const groups = groupByComponent(changes);
    if (groups.size > 0) session.print("  would be, by component:");
    for (const [component, group] of groups) session.print(`    ${component}: ${formatCounts(countChanges(group))}`);
}

function countChanges(changes: readonly PlannedChange[]): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { operation } of changes) counts[operation] = (counts[operation] ?? 0) + 1;
    return counts;
}
