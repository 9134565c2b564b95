/** Serves one variant's approved model on a serverless endpoint. */
import * as pulumi from "@pulumi/pulumi";
import { Endpoint } from "@pulumi/aws/sagemaker/endpoint.js";
import { EndpointConfiguration } from "@pulumi/aws/sagemaker/endpointConfiguration.js";
import { Model } from "@pulumi/aws/sagemaker/model.js";
import { Parameter } from "@pulumi/aws/ssm/parameter.js";
import { Command } from "@pulumi/command/local/command.js";
import type { ApprovedModel, ServingSettings, Variant } from "../../lambdas/shared/documents.ts";
import type { PlatformContext } from "../context.ts";
import type { ServiceRole } from "../iam/serviceRole.ts";

export interface InferenceEndpointArgs {
    readonly context: PlatformContext;
    readonly variant: Variant;
    readonly endpointName: string;
    /** The model that the endpoint is created with; later ones are deployed by the pipeline. Plain: it decides what is declared. */
    readonly model: ApprovedModel;
    /** What the endpoint is created with; later ones come with a deployment. */
    readonly settings: ServingSettings;
    /** SageMaker's, for reading the artifact. */
    readonly role: ServiceRole;
    /** What SageMaker would otherwise make unencrypted, and keep for ever. */
    readonly logGroup: pulumi.Resource;
}

/** What a failed endpoint must carry for the guard to take it for ours and delete it. */
const OWNER_TAGS = ["Project", "Environment"];

/**
 * Costs nothing while idle. No key for its configuration: SageMaker encrypts with it the disk of a hosting machine, which serverless
 * inference has not (API_CreateEndpointConfig, KmsKeyId); the artifact is encrypted in its bucket.
 */
export class InferenceEndpoint extends pulumi.ComponentResource {
    readonly endpointArn: pulumi.Output<string>;

    constructor(name: string, args: InferenceEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:inference:InferenceEndpoint", name, {}, opts);
        const model = this.createModel(args);
        const configuration = this.createConfiguration(args, model);
        const guard = this.createGuard(name, args, [args.role.policy, args.logGroup, model, configuration]);
        const endpoint = this.createEndpoint(name, args, { configuration, guard });
        this.createServingParameter(args, endpoint);
        this.endpointArn = endpoint.arn;
        this.registerOutputs({ endpointArn: this.endpointArn });
    }

    /**
     * Auto-named, and kept when it is replaced or removed: an endpoint may still use it. `destroy` of the driver sweeps it up by its tags.
     */
    private createModel({ context, variant, model, role }: InferenceEndpointArgs): Model {
        return new Model(`${context.naming.prefix}-${variant}-model`, {
            executionRoleArn: role.roleArn,
            primaryContainer: { image: model.trainingImage, modelDataUrl: model.modelDataUrl },
            tags: context.tags,
            // Serving tries to read the artifact as soon as there is an endpoint: by then the role must be allowed to.
        }, { parent: this, dependsOn: [role.policy], retainOnDelete: true, ignoreChanges: ["primaryContainer"] });
    }

    private createConfiguration({ context, variant, settings }: InferenceEndpointArgs, model: Model): EndpointConfiguration {
        return new EndpointConfiguration(`${context.naming.prefix}-${variant}-config`, {
            productionVariants: [{
                variantName: variant,
                modelName: model.name,
                serverlessConfig: { memorySizeInMb: settings.memoryMiB, maxConcurrency: settings.maxConcurrency },
            }],
            tags: context.tags,
        }, { parent: this, retainOnDelete: true, ignoreChanges: ["productionVariants"] });
    }

    /**
     * The provider does not wait until a deleted endpoint is gone. The guard stands between: it waits until the name is free before
     * the endpoint is created, and until it is gone after the endpoint was deleted, before role and keys go.
     */
    private createGuard(name: string, { context, endpointName }: InferenceEndpointArgs, before: pulumi.Resource[]): Command {
        return new Command(`${name}-guard`, {
            // No shell, no absolute path, no credential: what stands here is kept in the state.
            interpreter: [
                "node", "automation/guards/endpointGuard.ts",
                "--endpoint", endpointName,
                "--region", context.location.region,
                ...OWNER_TAGS.flatMap((key) => ["--tag", `${key}=${context.tags[key] ?? ""}`]),
            ],
            create: "create",
            delete: "delete",
            // A changed command would run `create` again, which waits for a name that our own endpoint has.
        }, { parent: this, dependsOn: before, ignoreChanges: ["interpreter", "create"] });
    }

    private createEndpoint(
        name: string,
        args: InferenceEndpointArgs,
        given: { configuration: EndpointConfiguration; guard: Command },
    ): Endpoint {
        return new Endpoint(name, {
            name: args.endpointName,
            endpointConfigName: given.configuration.name,
            tags: args.context.tags,
            // The pipeline deploys later models by new configurations; that is no drift.
        }, { parent: this, dependsOn: [given.guard], ignoreChanges: ["endpointConfigName"] });
    }

    private createServingParameter({ context, variant, model }: InferenceEndpointArgs, endpoint: Endpoint): Parameter {
        return new Parameter(`serving-${variant}-parameter`, {
            name: `${context.naming.parameterPath}/serving-${variant}`,
            description: `The model behind the endpoint of the ${variant}`,
            type: "String",
            value: JSON.stringify(model),
            tags: context.tags,
            // Whoever reads it may ask the endpoint.
        }, { parent: this, dependsOn: [endpoint], ignoreChanges: ["value"] });
    }
}
