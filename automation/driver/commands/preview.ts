import type { Command } from "./command.ts";

/** Asks the state, not the cloud: what was changed outside of this program is seen by `up`, which refreshes first. */
export const previewCommand: Command = {
    name: "preview",
    summary: "what up would change, by component; touches nothing",
    example: "node automation/deploy.ts preview --stack dev --json preview.jsonl",
    effect: "reads",
    async run(session) {
        const { runPreview } = await import("./previewing/runPreview.ts");
        await runPreview(session);
    },
};
