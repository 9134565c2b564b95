/** Switches the endpoints on: looks at the approved artifact once more, sets the switch, and brings the stack up with them. */
import { createNaming } from "../../components/naming.ts";
import { OperatorError } from "../errors.ts";
import { readApprovedModel, readOutputs, readParameter, writeParameter } from "../outputs.ts";
import type { Phase } from "./phase.ts";
import { checkRules } from "./preflight.ts";
import { expectInService, removeFailedEndpoint } from "./servedEndpoint.ts";
import { runUp } from "./up.ts";

export const enableEndpointsPhase: Phase = {
    name: "enable-endpoints",
    async run(context) {
        const { aws, config, engine, reporter } = context;
        if (config.inference.endpoints === "off") {
            return reporter.report({ kind: "note", message: "endpoints are off in the configuration (inference.endpoints): nothing to enable" });
        }
        const { accountId, endpointName, parameterPath } = await readOutputs(engine);
        const approved = await readApprovedModel(aws, parameterPath);
        if (approved === undefined) throw new OperatorError("F10: no model has been trained and approved, so there is nothing to serve", "run the phase `train` first: --from train");
        await checkRules(context, ["artifact", "account"]);
        const { environment } = createNaming(config, { accountId, region: aws.target.region });
        await removeFailedEndpoint(context, { endpointName, environment });
        if (await readParameter(aws, `${parameterPath}/switch`) !== "on") await writeParameter(aws, `${parameterPath}/switch`, "on");
        await runUp(context, "enable-endpoints");
        const { endpointArn } = await readOutputs(engine);
        if (endpointArn === undefined) throw new OperatorError(`the endpoint ${endpointName} was not declared although the switch is on`, "look at inference.endpoints in the configuration");
        await expectInService(context, endpointName);
        reporter.report({ kind: "endpoint", endpoint: endpointName, status: "InService" });
    },
};
