import type { Command } from "./command.ts";

/**
 * Asks the state, not the cloud: what was changed outside of this program is seen by `up`, which refreshes first. A stack that is new gets
 * its empty state.
 */
export const previewCommand: Command = {
    name: "preview",
    summary: "what up would change, by component; touches no resource",
    example: "node automation/deploy.ts preview --stack dev --json preview.jsonl",
    effect: "reads",
    async run(session) {
        const { runPreview } = await import("./previewing/runPreview.ts");
        await runPreview(session);
    },
};
