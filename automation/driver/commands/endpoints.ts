import type { Phase } from "../../phases/phase.ts";
import type { Command } from "./command.ts";

/** On is the phase of a deployment; off has none of its own there. */
export const endpointsCommand: Command = {
    name: "endpoints",
    summary: "switch the inference endpoints on or off; models stay approved",
    example: "node automation/deploy.ts endpoints off --stack dev",
    argument: "on|off",
    options: ["no-refresh"],
    effect: "changes",
    question: ({ stack, argument }) => `Switch the endpoints of stack ${stack} ${argument ?? ""}`,
    async run(session) {
        const { runPhases } = await import("../../phases/runPhases.ts");
        await runPhases([await phaseOf(session.options.argument)], await session.phaseContext());
    },
};

async function phaseOf(to: string | undefined): Promise<Phase> {
    if (to === "on") return (await import("../../phases/enableEndpoints.ts")).enableEndpointsPhase;
    const { setEndpoints } = await import("../../phases/endpointSwitch.ts");
    return { name: "enable-endpoints", run: async (context) => void await setEndpoints(context, "off") };
}
