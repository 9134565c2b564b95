/** Both variants' endpoints, and what they need whether or not there are any. */
import * as pulumi from "@pulumi/pulumi";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { ServingSettings, Variant } from "../../lambdas/shared/documents.ts";
import type { PlatformContext } from "../context.ts";
import { servingPermissions } from "../iam/sagemakerPermissions.ts";
import { ServiceRole } from "../iam/serviceRole.ts";
import type { Naming } from "../naming.ts";
import type { ModelsToServe } from "./approvedModel.ts";
import { InferenceEndpoint } from "./inferenceEndpoint.ts";

export interface ServingArgs {
    readonly context: PlatformContext;
    /** Plain: a variant without a model gets no endpoint. */
    readonly models: ModelsToServe;
    readonly settings: ServingSettings;
    readonly modelsBucketArn: pulumi.Input<string>;
    readonly s3KeyArn: pulumi.Input<string>;
    /** Key for the endpoints' logs. */
    readonly kmsKeyArn: pulumi.Input<string>;
}

/** Costs nothing while idle. */
export class Serving extends pulumi.ComponentResource {
    /** Of every endpoint and of the models behind it; the pipeline passes it on. */
    readonly role: ServiceRole;

    constructor(name: string, args: ServingArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:inference:Serving", name, {}, opts);
        this.role = this.createRole(args);
        for (const variant of VARIANTS) this.createVariant(variant, args);
        this.registerOutputs({ roleArn: this.role.roleArn });
    }

    private createRole({ context, modelsBucketArn, s3KeyArn }: ServingArgs): ServiceRole {
        return new ServiceRole("serving", {
            context,
            description: "The inference endpoints",
            service: "sagemaker",
            statements: pulumi.all([modelsBucketArn, s3KeyArn])
                .apply(([bucketArn, keyArn]) => servingPermissions({
                    location: context.location,
                    modelsBucketArn: bucketArn,
                    s3KeyArn: keyArn,
                    endpointNames: nameEndpoints(context.naming),
                })),
            // The one endpoint that there was had it; a second role of that name would be refused.
        }, { parent: this, aliases: [{ parent: pulumi.createUrn("endpoint", "firstlight:inference:InferenceEndpoint") }] });
    }

    private createVariant(variant: Variant, { context, models, settings, kmsKeyArn }: ServingArgs): void {
        // Here also while there is no endpoint: what it logged can be read when it has been switched off.
        const logGroup = new LogGroup(`${variant}-endpoint-logs`, {
            name: context.naming.logGroup("/aws/sagemaker/Endpoints", variant),
            retentionInDays: context.logRetentionDays,
            kmsKeyId: kmsKeyArn,
            tags: context.tags,
        }, { parent: this });
        const model = models[variant];
        if (model === undefined) return;
        const endpointName = nameEndpoints(context.naming)[variant];
        new InferenceEndpoint(`${variant}-endpoint`, {
            context, variant, endpointName, model, settings, role: this.role, logGroup,
        }, { parent: this });
    }
}

/** The names that the endpoints have or will have. */
export function nameEndpoints(naming: Naming): Readonly<Record<Variant, string>> {
    return { champion: naming.name("endpoint", "champion"), challenger: naming.name("endpoint", "challenger") };
}
