/** Switches the endpoints on: looks at the approved artifacts once more, brings the stack up with them, and sees that they serve as configured. */
import { OperatorError } from "../errors.ts";
import { readApprovedModel } from "../outputs.ts";
import { alignServing } from "./alignServing.ts";
import { proveEffect } from "./effect.ts";
import { setEndpoints } from "./endpointSwitch.ts";
import type { Phase } from "./phase.ts";
import { checkRules } from "./preflight.ts";
import { readOwnOutputs } from "./statePlace.ts";

/**
 * Idempotent, and goes on where a run that was killed stopped. What deviates is deployed by the pipeline, which alone writes which model
 * an endpoint serves (docs/decisions/0009-one-writer-and-a-drain.md).
 */
export const enableEndpointsPhase: Phase = {
    name: "enable-endpoints",
    async run(context) {
        const { aws, config, reporter } = context;
        if (config.inference.endpoints === "off") {
            return reporter.report({ kind: "note", message: "endpoints are off in the configuration (inference.endpoints): nothing to enable" });
        }
        const { parameterPath } = await readOwnOutputs(context);
        const champion = await readApprovedModel(aws, parameterPath, "champion");
        if (champion === undefined) throw new OperatorError("F10: no model has been trained and approved, so there is nothing to serve", "run the phase `train` first: --from train");
        await checkRules(context, ["artifact", "account"]);
        const outputs = await setEndpoints(context, "on");
        await alignServing(context, outputs);
        await proveEffect(context, outputs, { onDeviation: "refuse" });
    },
};
