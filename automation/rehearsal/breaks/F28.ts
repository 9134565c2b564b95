/** F28: the state machine does not wait for its role's policy, and is faster. */
import type { Break } from "./break.ts";

export const broken: Break = {
    id: "F28",
    what: "the state machine's dependsOn is gone, and its role's policy comes a moment later",
    needs: "nothing",
    stopsAt: "up",
    message: /is not authorized to (access the Log Destination|create managed-rule)/,
    onAws: "in one deployment of three; the next try passes",
    source: "https://github.com/go-to-k/cdkd/issues/2783",
    setup: { program: "automation/rehearsal/breaks/withoutOrder.ts" },
};
