/** The Lambda functions of the training pipeline. */
import * as pulumi from "@pulumi/pulumi";
import type { LambdaBundle } from "../compute/bundle.ts";
import { LambdaFunction } from "../compute/lambdaFunction.ts";
import type { PlatformConfig } from "../config.ts";
import type { PlatformContext } from "../context.ts";
import type { DataScope } from "../iam/dataScope.ts";
import {
    approveModelPermissions, evaluateModelPermissions, preprocessDataPermissions, registerModelPermissions, selectDataPermissions,
    validateDataPermissions,
} from "../iam/functionPermissions.ts";
import type { Statement } from "../iam/policy.ts";
import type { PipelineFunctionKey } from "./pipelineSettings.ts";

export type PipelineFunctionName =
    | "select-data" | "validate-data" | "preprocess-data" | "evaluate-model" | "register-model" | "approve-model";

export interface PipelineFunctionsArgs {
    readonly context: PlatformContext;
    readonly config: PlatformConfig;
    readonly bundles: Readonly<Record<PipelineFunctionName, LambdaBundle>>;
    readonly rawBucketName: pulumi.Input<string>;
    readonly processedBucketName: pulumi.Input<string>;
    readonly modelMetadataTableName: pulumi.Input<string>;
    readonly trainingMetricsTableName: pulumi.Input<string>;
    /** Prefix of the data's keys in the raw bucket, with its `/`. */
    readonly dataPrefix: string;
    readonly dataScope: pulumi.Input<DataScope>;
    /** Key for log groups and environments. */
    readonly kmsKeyArn: pulumi.Input<string>;
}

export class PipelineFunctions extends pulumi.ComponentResource {
    /** ARNs as the state machine's definition wants them. */
    readonly functionArns: pulumi.Output<Readonly<Record<PipelineFunctionKey, string>>>;

    constructor(name: string, args: PipelineFunctionsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:inference:PipelineFunctions", name, {}, opts);
        this.functionArns = pulumi.output({
            selectData: this.createFunction("select-data", args).functionArn,
            validateData: this.createFunction("validate-data", args).functionArn,
            preprocessData: this.createFunction("preprocess-data", args).functionArn,
            evaluateModel: this.createFunction("evaluate-model", args).functionArn,
            registerModel: this.createFunction("register-model", args).functionArn,
            approveModel: this.createFunction("approve-model", args).functionArn,
        });
        this.registerOutputs();
    }

    private createFunction(name: PipelineFunctionName, args: PipelineFunctionsArgs): LambdaFunction {
        const { description, variables, permissions, memoryMiB } = FUNCTIONS[name];
        const { timeoutSeconds, memoryMiB: configuredMiB } = args.config.functions.pipeline;
        const values = buildVariables(args);
        return new LambdaFunction(name, {
            context: args.context,
            description, timeoutSeconds,
            bundle: args.bundles[name],
            memoryMiB: memoryMiB ?? configuredMiB,
            environment: Object.fromEntries(variables.map((variable) => [variable, values[variable]])),
            statements: pulumi.output(args.dataScope).apply(permissions),
            kmsKeyArn: args.kmsKeyArn,
        }, { parent: this });
    }
}

interface FunctionDetails {
    readonly description: string;
    readonly variables: readonly PipelineVariable[];
    readonly permissions: (scope: DataScope) => readonly Statement[];
    /** @default as configured, for functions that read whole files */
    readonly memoryMiB?: number;
}

const FUNCTIONS: Readonly<Record<PipelineFunctionName, FunctionDetails>> = {
    "select-data": {
        description: "Finds the newest data for a scheduled run",
        variables: ["RAW_BUCKET", "DATA_PREFIX"],
        permissions: selectDataPermissions,
        memoryMiB: 512,
    },
    "validate-data": {
        description: "Finds the columns' types and refuses data that cannot be trained on",
        variables: ["PROCESSED_BUCKET", "DATA_SETTINGS"],
        permissions: validateDataPermissions,
    },
    "preprocess-data": {
        description: "Splits, imputes and encodes the data",
        variables: ["PROCESSED_BUCKET", "DATA_SETTINGS", "MODEL_SETTINGS"],
        permissions: preprocessDataPermissions,
    },
    "evaluate-model": {
        description: "Computes the metrics from the predictions for the test set",
        variables: ["PROCESSED_BUCKET", "MODEL_SETTINGS"],
        permissions: evaluateModelPermissions,
        memoryMiB: 1024,
    },
    "register-model": {
        description: "Puts the model and its metrics into the registry",
        variables: ["PROCESSED_BUCKET", "MODEL_METADATA_TABLE", "TRAINING_METRICS_TABLE", "METRICS_NAMESPACE"],
        permissions: registerModelPermissions,
        memoryMiB: 1024,
    },
    "approve-model": {
        description: "Makes a registered model the approved one of its variant",
        variables: ["PARAMETER_PATH", "MODEL_METADATA_TABLE"],
        permissions: approveModelPermissions,
        memoryMiB: 512,
    },
};

/** As `lambdas/shared/environment.ts` reads them; each function gets those that it asks for. */
function buildVariables(args: PipelineFunctionsArgs) {
    const { data, training, inference } = args.config;
    const { naming } = args.context;
    return {
        RAW_BUCKET: args.rawBucketName,
        DATA_PREFIX: args.dataPrefix,
        PROCESSED_BUCKET: args.processedBucketName,
        MODEL_METADATA_TABLE: args.modelMetadataTableName,
        TRAINING_METRICS_TABLE: args.trainingMetricsTableName,
        PARAMETER_PATH: naming.parameterPath,
        METRICS_NAMESPACE: naming.prefix,
        DATA_SETTINGS: JSON.stringify(data),
        MODEL_SETTINGS: JSON.stringify({
            hyperparameters: training.hyperparameters,
            variantHyperparameters: { challenger: training.challengerHyperparameters },
            metricFloor: training.metricFloor,
            threshold: inference.threshold,
        }),
    };
}

type PipelineVariable = keyof ReturnType<typeof buildVariables>;
