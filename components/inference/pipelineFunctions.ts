/** The four Lambda functions of the training pipeline. */
import * as pulumi from "@pulumi/pulumi";
import type { LambdaBundle } from "../compute/bundle.ts";
import { LambdaFunction } from "../compute/lambdaFunction.ts";
import type { PlatformConfig } from "../config.ts";
import type { PlatformContext } from "../context.ts";
import type { DataScope } from "../iam/dataScope.ts";
import {
    evaluateModelPermissions, preprocessDataPermissions, registerModelPermissions, validateDataPermissions,
} from "../iam/functionPermissions.ts";
import type { Statement } from "../iam/policy.ts";

/**
 * Lambda gives processor time by memory, a whole processor from 1769 MiB on (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html).
 * Both passes over two gigabytes of CSV then take minutes (bench/preprocessing.ts); with half a processor they come near the limit.
 * Not above 3008 MiB: new accounts have no more.
 */
const WHOLE_PROCESSOR_MIB = 2048;

export type PipelineFunctionName = "validate-data" | "preprocess-data" | "evaluate-model" | "register-model";

export interface PipelineFunctionsArgs {
    readonly context: PlatformContext;
    readonly config: PlatformConfig;
    readonly bundles: Readonly<Record<PipelineFunctionName, LambdaBundle>>;
    readonly processedBucketName: pulumi.Input<string>;
    readonly modelMetadataTableName: pulumi.Input<string>;
    readonly dataScope: pulumi.Input<DataScope>;
    /** Key for log groups and environments. */
    readonly kmsKeyArn: pulumi.Input<string>;
}

export class PipelineFunctions extends pulumi.ComponentResource {
    readonly validateData: LambdaFunction;
    readonly preprocessData: LambdaFunction;
    readonly evaluateModel: LambdaFunction;
    readonly registerModel: LambdaFunction;

    constructor(name: string, args: PipelineFunctionsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:inference:PipelineFunctions", name, {}, opts);
        const { PROCESSED_BUCKET, MODEL_METADATA_TABLE, APPROVED_PARAMETER, DATA_SETTINGS, MODEL_SETTINGS } = buildVariables(args);
        this.validateData = this.createFunction("validate-data", args, {
            description: "Finds the columns' types and refuses data that cannot be trained on",
            environment: { PROCESSED_BUCKET, DATA_SETTINGS },
            permissions: validateDataPermissions,
            memoryMiB: WHOLE_PROCESSOR_MIB,
        });
        this.preprocessData = this.createFunction("preprocess-data", args, {
            description: "Splits, imputes and encodes the data",
            environment: { PROCESSED_BUCKET, DATA_SETTINGS, MODEL_SETTINGS },
            permissions: preprocessDataPermissions,
            memoryMiB: WHOLE_PROCESSOR_MIB,
        });
        this.evaluateModel = this.createFunction("evaluate-model", args, {
            description: "Computes the metrics from the predictions for the test set",
            environment: { PROCESSED_BUCKET, MODEL_SETTINGS },
            permissions: evaluateModelPermissions,
            memoryMiB: 1024,
        });
        this.registerModel = this.createFunction("register-model", args, {
            description: "Registers and approves the model",
            environment: { PROCESSED_BUCKET, MODEL_METADATA_TABLE, APPROVED_PARAMETER },
            permissions: registerModelPermissions,
            memoryMiB: 1024,
        });
        this.registerOutputs();
    }

    private createFunction(name: PipelineFunctionName, args: PipelineFunctionsArgs, given: FunctionDetails): LambdaFunction {
        return new LambdaFunction(name, {
            context: args.context,
            description: given.description,
            bundle: args.bundles[name],
            // Lambda's own limit; nothing is gained by a shorter one.
            timeoutSeconds: 900,
            memoryMiB: given.memoryMiB,
            environment: given.environment,
            statements: pulumi.output(args.dataScope).apply(given.permissions),
            kmsKeyArn: args.kmsKeyArn,
        }, { parent: this });
    }
}

interface FunctionDetails {
    readonly description: string;
    readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
    readonly permissions: (scope: DataScope) => readonly Statement[];
    readonly memoryMiB: number;
}

/** As `lambdas/shared/environment.ts` reads them; each function gets those that it asks for. */
function buildVariables(args: PipelineFunctionsArgs) {
    const { data, training, inference } = args.config;
    return {
        PROCESSED_BUCKET: args.processedBucketName,
        MODEL_METADATA_TABLE: args.modelMetadataTableName,
        APPROVED_PARAMETER: `${args.context.naming.parameterPath}/approved`,
        DATA_SETTINGS: JSON.stringify(data),
        MODEL_SETTINGS: JSON.stringify({
            hyperparameters: training.hyperparameters,
            metricFloor: training.metricFloor,
            threshold: inference.threshold,
        }),
    };
}
