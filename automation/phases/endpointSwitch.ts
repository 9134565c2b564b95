/** The switch of the inference endpoints: on and off, each followed by an `up` that makes it so. */
import { createNaming } from "../../components/naming.ts";
import type { Naming } from "../../components/naming.ts";
import type { PlatformOutputs } from "../../components/outputs.ts";
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { Variant } from "../../lambdas/shared/documents.ts";
import { OperatorError } from "../errors.ts";
import { settleEngineLocks } from "../locks/engineLocks.ts";
import { readApprovedModel, readParameter, writeParameter } from "../outputs.ts";
import { removeLeftovers } from "./leftovers.ts";
import type { PhaseContext } from "./phase.ts";
import { awaitSettled, expectGone, expectInService, readLastChange, removeFailedEndpoint } from "./servedEndpoint.ts";
import { readOwnOutputs } from "./statePlace.ts";
import { runUp } from "./up.ts";

/**
 * On: an endpoint for every variant that has an approved model, in service. Off: none, nor the models and configurations that were made
 * for them; the approved models stay, so that on brings the same ones back.
 *
 * @returns the stack's outputs afterwards
 * @throws OperatorError when the configuration decides otherwise (`inference.endpoints`). LockedError when somebody works on the stack by hand.
 */
export async function setEndpoints(context: PhaseContext, to: "on" | "off"): Promise<PlatformOutputs> {
    const outputs = await readOwnOutputs(context);
    // The switch is a change already: nobody else may be at work.
    await settleEngineLocks(context.engine, context);
    const naming = createNaming(context.config, { accountId: outputs.accountId, region: context.aws.target.region });
    return (to === "on" ? switchOn : switchOff)(context, outputs, naming);
}

async function switchOn(context: PhaseContext, outputs: PlatformOutputs, { environment }: Naming): Promise<PlatformOutputs> {
    const { reporter } = context;
    for (const endpointName of Object.values(outputs.endpointNames)) await removeFailedEndpoint(context, { endpointName, environment });
    await writeSwitch(context, outputs, "on");
    const present = await runUp(context, "enable-endpoints");
    for (const variant of await findApprovedVariants(context, outputs)) {
        const endpointName = outputs.endpointNames[variant];
        if (present.modelVersions[variant] === undefined) {
            throw new OperatorError(`the endpoint ${endpointName} was not declared although the switch is on`, "look at inference.endpoints in the configuration");
        }
        await expectInService(context, endpointName);
        reporter.report({ kind: "endpoint", endpoint: endpointName, status: "InService", ...await readLastChange(context.aws, endpointName) });
    }
    return present;
}

async function switchOff(context: PhaseContext, outputs: PlatformOutputs, naming: Naming): Promise<PlatformOutputs> {
    const { config, reporter } = context;
    if (config.inference.endpoints === "on") throw new OperatorError("endpoints are on in the configuration (inference.endpoints)", "set it to auto, then switch them off");
    // One that a deployment is changing can be neither deleted by the engine nor left without its configuration.
    for (const endpointName of Object.values(outputs.endpointNames)) await awaitSettled(context, endpointName);
    await writeSwitch(context, outputs, "off");
    const present = await runUp(context, "enable-endpoints");
    for (const endpointName of Object.values(outputs.endpointNames)) {
        await removeFailedEndpoint(context, { endpointName, environment: naming.environment });
        await expectGone(context, endpointName);
        reporter.report({ kind: "endpoint", endpoint: endpointName, status: "off" });
    }
    await removeLeftovers(context, naming);
    return present;
}

async function writeSwitch({ aws }: PhaseContext, { parameterPath }: PlatformOutputs, value: "on" | "off"): Promise<void> {
    if (await readParameter(aws, `${parameterPath}/switch`) !== value) await writeParameter(aws, `${parameterPath}/switch`, value);
}

async function findApprovedVariants({ aws }: PhaseContext, { parameterPath }: PlatformOutputs): Promise<readonly Variant[]> {
    const models = await Promise.all(VARIANTS.map((variant) => readApprovedModel(aws, parameterPath, variant)));
    return VARIANTS.filter((_, index) => models[index] !== undefined);
}
