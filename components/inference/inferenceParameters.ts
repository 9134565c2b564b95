/** The parameters in which the state of the endpoints lies; see the design's decision on phases. */
import * as pulumi from "@pulumi/pulumi";
import { Parameter } from "@pulumi/aws/ssm/parameter.js";
import type { PlatformContext } from "../context.ts";
import { NOTHING } from "./approvedModel.ts";

export interface InferenceParametersArgs {
    readonly context: PlatformContext;
}

/** Owned here so that `destroy` removes them; written by the pipeline (`approved`) and the driver (`switch`). */
export class InferenceParameters extends pulumi.ComponentResource {
    readonly switchName: pulumi.Output<string>;
    readonly approvedName: pulumi.Output<string>;

    constructor(name: string, args: InferenceParametersArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:inference:InferenceParameters", name, {}, opts);
        this.switchName = this.createParameter("switch", "Whether endpoints are on, off, or never were (none)", args.context).name;
        this.approvedName = this.createParameter("approved", "The newest model that reached its floor, or none", args.context).name;
        this.registerOutputs({ switchName: this.switchName, approvedName: this.approvedName });
    }

    private createParameter(part: string, description: string, context: PlatformContext): Parameter {
        return new Parameter(`${part}-parameter`, {
            name: `${context.naming.parameterPath}/${part}`,
            description,
            type: "String",
            value: NOTHING,
            tags: context.tags,
        }, { parent: this, ignoreChanges: ["value"] });
    }
}
