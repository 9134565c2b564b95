/** The training pipeline: an upload starts a state machine that ends with an approved model, or with an alert. */
import * as pulumi from "@pulumi/pulumi";
import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { BucketNotification } from "@pulumi/aws/s3/bucketNotification.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import type { TrainingConfig } from "../config/training.ts";
import type { PlatformContext } from "../context.ts";
import type { DataBucket } from "../data/dataBucket.ts";
import type { EncryptionKeys } from "../data/encryptionKeys.ts";
import type { Tables } from "../data/tables.ts";
import { buildImageUri } from "../facts/sagemakerImages.ts";
import { eventRuleArn, stateMachineArn } from "../iam/arns.ts";
import { stateMachinePermissions, triggerPermissions } from "../iam/pipelinePermissions.ts";
import { trainingPermissions } from "../iam/sagemakerPermissions.ts";
import { ServiceRole } from "../iam/serviceRole.ts";
import { buildPipelineDefinition } from "./pipelineDefinition.ts";
import type { PipelineFunctions } from "./pipelineFunctions.ts";

export interface TrainingPipelineArgs {
    readonly context: PlatformContext;
    readonly training: TrainingConfig;
    readonly functions: PipelineFunctions;
    readonly raw: DataBucket;
    readonly processed: DataBucket;
    readonly models: DataBucket;
    readonly tables: Tables;
    readonly keys: EncryptionKeys;
    readonly alertTopicArn: pulumi.Input<string>;
    /** Prefix of keys in the raw bucket whose upload starts a run, with its `/`. */
    readonly dataPrefix: string;
}

/** Costs nothing but the machines of a run while it runs. */
export class TrainingPipeline extends pulumi.ComponentResource {
    readonly stateMachineArn: pulumi.Output<string>;

    constructor(name: string, args: TrainingPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:inference:TrainingPipeline", name, {}, opts);
        const trainingRole = this.createTrainingRole(args);
        const pipelineRole = this.createPipelineRole(name, args, trainingRole);
        const stateMachine = this.createStateMachine(name, args, { pipelineRole, trainingRole });
        this.createTrigger(name, args, stateMachine);
        this.stateMachineArn = stateMachine.arn;
        this.registerOutputs({ stateMachineArn: this.stateMachineArn });
    }

    private createTrainingRole({ context, processed, models, keys }: TrainingPipelineArgs): ServiceRole {
        return new ServiceRole("training", {
            context,
            description: "Training and transform jobs",
            service: "sagemaker",
            statements: pulumi.all([processed.bucketArn, models.bucketArn, keys.s3KeyArn, keys.sagemakerKeyArn])
                .apply(([processedBucketArn, modelsBucketArn, s3KeyArn, volumeKeyArn]) => trainingPermissions({
                    location: context.location, processedBucketArn, modelsBucketArn, s3KeyArn, volumeKeyArn,
                })),
        }, { parent: this });
    }

    private createPipelineRole(name: string, args: TrainingPipelineArgs, trainingRole: ServiceRole): ServiceRole {
        const { context, functions, keys, tables } = args;
        const { naming, location } = context;
        return new ServiceRole(name, {
            context,
            description: "The training pipeline's state machine",
            service: "states",
            // The form of AWS's own example: creating a state machine tries the role out, and nothing says under which ARN.
            sourceArn: stateMachineArn(location, "*"),
            statements: pulumi.output({
                functionArns: [functions.validateData, functions.preprocessData, functions.evaluateModel, functions.registerModel]
                    .map((lambda) => lambda.functionArn),
                trainingRoleArn: trainingRole.roleArn,
                pipelineLeasesTableArn: tables.pipelineLeases.arn,
                alertTopicArn: args.alertTopicArn,
                dynamodbKeyArn: keys.dynamodbKeyArn,
                alertKeyArn: keys.lambdaKeyArn,
            }).apply((arns) => stateMachinePermissions({ location, jobPrefix: naming.prefix, ...arns })),
        }, { parent: this });
    }

    private createStateMachine(name: string, args: TrainingPipelineArgs, roles: { pipelineRole: ServiceRole; trainingRole: ServiceRole }): StateMachine {
        const { context, keys } = args;
        const logGroup = new LogGroup(`${name}-logs`, {
            // Groups below /aws/vendedlogs need no resource policy of their own, of which a region takes only ten.
            name: context.naming.logGroup("/aws/vendedlogs/states", PART),
            retentionInDays: context.logRetentionDays,
            kmsKeyId: keys.lambdaKeyArn,
            tags: context.tags,
        }, { parent: this });
        return new StateMachine(`${name}-state-machine`, {
            name: context.naming.name("stateMachine", PART),
            type: "STANDARD",
            roleArn: roles.pipelineRole.roleArn,
            definition: this.buildDefinition(args, roles.trainingRole),
            loggingConfiguration: { level: "ALL", includeExecutionData: true, logDestination: pulumi.interpolate`${logGroup.arn}:*` },
            tags: context.tags,
            // Step Functions tries out the role when the state machine is created; a run needs the job's role complete.
        }, { parent: this, dependsOn: [roles.pipelineRole.policy, roles.trainingRole.policy] });
    }

    private buildDefinition(args: TrainingPipelineArgs, trainingRole: ServiceRole): pulumi.Output<string> {
        const { context, functions, keys, training } = args;
        const { location, naming, tags } = context;
        return pulumi.output({
            functions: {
                validateData: functions.validateData.functionArn,
                preprocessData: functions.preprocessData.functionArn,
                evaluateModel: functions.evaluateModel.functionArn,
                registerModel: functions.registerModel.functionArn,
            },
            pipelineLeasesTableName: args.tables.pipelineLeases.name,
            alertTopicArn: args.alertTopicArn,
            trainingRoleArn: trainingRole.roleArn,
            modelsBucketName: args.models.bucketName,
            s3KeyArn: keys.s3KeyArn,
            volumeKeyArn: keys.sagemakerKeyArn,
        }).apply((resolved) => JSON.stringify(buildPipelineDefinition({
            location, tags, training,
            jobPrefix: naming.prefix,
            trainingImage: buildImageUri({ region: location.region, tag: training.imageTag }),
            ...resolved,
        })));
    }

    private createTrigger(name: string, args: TrainingPipelineArgs, stateMachine: StateMachine): void {
        const { context, raw, dataPrefix } = args;
        const ruleName = context.naming.name("eventRule", `${PART}-upload`);
        const role = new ServiceRole(`${name}-trigger`, {
            context,
            description: "Starts the training pipeline when data is uploaded",
            service: "events",
            sourceArn: eventRuleArn(context.location, ruleName),
            statements: stateMachine.arn.apply(triggerPermissions),
        }, { parent: this });
        const rule = new EventRule(`${name}-upload-rule`, {
            name: ruleName,
            description: "An object below the data prefix of the raw bucket",
            eventPattern: raw.bucketName.apply((bucketName) => buildUploadPattern(bucketName, dataPrefix)),
            tags: context.tags,
        }, { parent: this });
        const target = new EventTarget(`${name}-upload-target`, {
            rule: rule.name,
            targetId: PART,
            arn: stateMachine.arn,
            roleArn: role.roleArn,
            retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 8 },
        }, { parent: this, dependsOn: [role.policy] });
        // Last: an upload before the target is there would start nothing.
        new BucketNotification(`${name}-raw-events`, { bucket: raw.bucketName, eventbridge: true }, { parent: this, dependsOn: [target, ...raw.settings] });
    }
}

/** As the pipeline is called in names. */
const PART = "training";

/**
 * Matches uploads below a prefix of one bucket: without the bucket it would match those of the whole account. An empty object is no data:
 * the S3 console makes one for every folder.
 */
export function buildUploadPattern(bucketName: string, prefix: string): string {
    return JSON.stringify({
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": { bucket: { name: [bucketName] }, object: { key: [{ prefix }], size: [{ numeric: [">", 0] }] } },
    });
}
