/** The parameters in which the state of the endpoints lies; see the design's decision on phases. */
import * as pulumi from "@pulumi/pulumi";
import { Parameter } from "@pulumi/aws/ssm/parameter.js";
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { ServingSettings } from "../../lambdas/shared/documents.ts";
import type { PlatformContext } from "../context.ts";
import { NOTHING } from "./approvedModel.ts";

export interface InferenceParametersArgs {
    readonly context: PlatformContext;
    /** What every later deployment gives to an endpoint. */
    readonly settings: ServingSettings;
}

/**
 * Owned here so that `destroy` removes them. `approved-<variant>` is written by the pipeline and `switch` by the driver, and so left as it
 * is found; `settings` is written by every `up`.
 */
export class InferenceParameters extends pulumi.ComponentResource {
    constructor(name: string, args: InferenceParametersArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:inference:InferenceParameters", name, {}, opts);
        const { context, settings } = args;
        this.createParameter(context, { part: "switch", description: "Whether endpoints are on, off, or never were (none)" });
        for (const variant of VARIANTS) {
            this.createParameter(context, { part: `approved-${variant}`, description: `The model to serve as ${variant}, or none` });
        }
        const { memoryMiB, maxConcurrency } = settings;
        this.createParameter(context, {
            part: "settings",
            description: "What a deployment gives to an endpoint",
            value: JSON.stringify({ memoryMiB, maxConcurrency } satisfies ServingSettings),
        });
        this.registerOutputs();
    }

    private createParameter({ naming, tags }: PlatformContext, { part, description, value }: ParameterDetails): Parameter {
        return new Parameter(`${part}-parameter`, {
            name: `${naming.parameterPath}/${part}`,
            description,
            type: "String",
            value: value ?? NOTHING,
            tags,
        }, { parent: this, ignoreChanges: value === undefined ? ["value"] : [] });
    }
}

interface ParameterDetails {
    /** Last part of the parameter's name. */
    readonly part: string;
    readonly description: string;
    /** Absent where another one writes it. */
    readonly value?: string;
}
