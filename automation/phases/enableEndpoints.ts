/** Switches the endpoints on: looks at the approved artifact once more, sets the switch, and brings the stack up with them. */
import { OperatorError } from "../errors.ts";
import { readApprovedModel, readOutputs, readParameter, writeParameter } from "../outputs.ts";
import type { Phase } from "./phase.ts";
import { checkRules } from "./preflight.ts";
import { runUp } from "./up.ts";

export const enableEndpointsPhase: Phase = {
    name: "enable-endpoints",
    async run(context) {
        const { aws, config, engine, reporter } = context;
        if (config.inference.endpoints === "off") {
            return reporter.report({ kind: "note", message: "endpoints are off in the configuration (inference.endpoints): nothing to enable" });
        }
        const { parameterPath } = await readOutputs(engine);
        const approved = await readApprovedModel(aws, parameterPath);
        if (approved === undefined) throw new OperatorError("F10: no model has been trained and approved, so there is nothing to serve", "run the phase `train` first: --from train");
        await checkRules(context, ["artifact", "account"]);
        if (await readParameter(aws, `${parameterPath}/switch`) !== "on") await writeParameter(aws, `${parameterPath}/switch`, "on");
        await runUp(context, "enable-endpoints");
        const { endpointArn, endpointName } = await readOutputs(engine);
        if (endpointArn === undefined) throw new OperatorError(`the endpoint ${endpointName} was not declared although the switch is on`, "look at inference.endpoints in the configuration");
        reporter.report({ kind: "endpoint", endpoint: endpointName, status: "InService" });
    },
};
