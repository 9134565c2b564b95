/**
 * Asks the deployed platform as a client does. In production it reads and no more; elsewhere it also sends, and takes away what it sent.
 */
import type { Phase } from "./phase.ts";
import { readOwnOutputs } from "./statePlace.ts";
import type { Check } from "./verification/check.ts";
import { CHECKS } from "./verification/checks.ts";
import { createWorld, runChecks } from "./verification/runChecks.ts";

export const verifyPhase: Phase = createVerifyPhase(CHECKS);

/** The phase with these checks alone. */
export function createVerifyPhase(checks: readonly Check[]): Phase {
    return {
        name: "verify",
        async run(context) {
            const world = await createWorld(context, await readOwnOutputs(context));
            await runChecks(checks, context.config.preset === "prod" ? "smoke" : "full", world);
        },
    };
}
