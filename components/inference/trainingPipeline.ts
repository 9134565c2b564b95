/** The training pipeline: an upload or the schedule starts a state machine that ends with served models, or with an alert. */
import * as pulumi from "@pulumi/pulumi";
import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { BucketNotification } from "@pulumi/aws/s3/bucketNotification.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import type { Variant } from "../../lambdas/shared/documents.ts";
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
    /** The role of the models that endpoints serve. */
    readonly servingRoleArn: pulumi.Input<string>;
    /** The names that the endpoints have or will have. */
    readonly endpointNames: Readonly<Record<Variant, string>>;
    /** Where jobs run; given exactly when `training.private` is set. @default outside of any VPC of ours */
    readonly network?: { readonly subnetIds: pulumi.Input<readonly string[]>; readonly securityGroupIds: readonly pulumi.Input<string>[] };
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
        this.createUploadTrigger(name, args, stateMachine);
        if (args.training.schedule !== "off") this.createScheduleTrigger(name, args, stateMachine);
        this.stateMachineArn = stateMachine.arn;
        this.registerOutputs({ stateMachineArn: this.stateMachineArn });
    }

    private createTrainingRole({ context, processed, models, keys, network }: TrainingPipelineArgs): ServiceRole {
        return new ServiceRole("training", {
            context,
            description: "Training and transform jobs",
            service: "sagemaker",
            statements: pulumi.output({
                processedBucketArn: processed.bucketArn,
                modelsBucketArn: models.bucketArn,
                s3KeyArn: keys.s3KeyArn,
                volumeKeyArn: keys.sagemakerKeyArn,
                ...(network === undefined ? {} : { network }),
            }).apply((scope) => trainingPermissions({ location: context.location, ...scope })),
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
                functionArns: functions.functionArns.apply((arns) => Object.values(arns)),
                trainingRoleArn: trainingRole.roleArn,
                servingRoleArn: args.servingRoleArn,
                pipelineLeasesTableArn: tables.pipelineLeases.arn,
                abTestsTableArn: tables.abTests.arn,
                alertTopicArn: args.alertTopicArn,
                dynamodbKeyArn: keys.dynamodbKeyArn,
                alertKeyArn: keys.lambdaKeyArn,
            }).apply((arns) => stateMachinePermissions({
                location,
                jobPrefix: naming.prefix,
                stateMachineName: naming.name("stateMachine", PART),
                parameterPath: naming.parameterPath,
                endpointNames: args.endpointNames,
                ...arns,
            })),
        }, { parent: this });
    }

    private createStateMachine(
        name: string,
        args: TrainingPipelineArgs,
        roles: { pipelineRole: ServiceRole; trainingRole: ServiceRole },
    ): StateMachine {
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
        const { context, functions, keys, training, endpointNames } = args;
        const { location, naming, tags } = context;
        return pulumi.output({
            functions: functions.functionArns,
            pipelineLeasesTableName: args.tables.pipelineLeases.name,
            abTestsTableName: args.tables.abTests.name,
            alertTopicArn: args.alertTopicArn,
            trainingRoleArn: trainingRole.roleArn,
            servingRoleArn: args.servingRoleArn,
            modelsBucketName: args.models.bucketName,
            s3KeyArn: keys.s3KeyArn,
            volumeKeyArn: keys.sagemakerKeyArn,
            ...(args.network === undefined ? {} : { network: args.network }),
        }).apply((resolved) => JSON.stringify(buildPipelineDefinition({
            location, tags, training, endpointNames,
            jobPrefix: naming.prefix,
            parameterPath: naming.parameterPath,
            trainingImage: buildImageUri({ region: location.region, tag: training.imageTag }),
            ...resolved,
        })));
    }

    private createUploadTrigger(name: string, args: TrainingPipelineArgs, stateMachine: StateMachine): void {
        const { context, raw, dataPrefix } = args;
        const rule = new EventRule(`${name}-upload-rule`, {
            name: context.naming.name("eventRule", UPLOAD_RULE),
            description: "An object below the data prefix of the raw bucket",
            eventPattern: raw.bucketName.apply((bucketName) => buildUploadPattern(bucketName, dataPrefix)),
            tags: context.tags,
        }, { parent: this });
        const role = this.createTriggerRole(`${name}-trigger`, {
            context, stateMachine,
            rule: UPLOAD_RULE,
            description: "Starts the training pipeline when data is uploaded",
        });
        const target = this.createTarget(`${name}-upload-target`, { rule, role, stateMachine });
        // Last: an upload before the target is there would start nothing.
        new BucketNotification(`${name}-raw-events`, {
            bucket: raw.bucketName, eventbridge: true,
        }, { parent: this, dependsOn: [target, ...raw.settings] });
    }

    /** The event has the time and no data: the pipeline looks for the newest. */
    private createScheduleTrigger(name: string, { context, training }: TrainingPipelineArgs, stateMachine: StateMachine): void {
        const rule = new EventRule(`${name}-schedule-rule`, {
            name: context.naming.name("eventRule", SCHEDULE_RULE),
            description: "Trains again on the newest data",
            scheduleExpression: training.schedule,
            tags: context.tags,
        }, { parent: this });
        const role = this.createTriggerRole(`${name}-schedule`, {
            context, stateMachine,
            rule: SCHEDULE_RULE,
            description: "Starts the training pipeline by the clock",
        });
        this.createTarget(`${name}-schedule-target`, { rule, role, stateMachine });
    }

    private createTriggerRole(name: string, given: TriggerRoleDetails): ServiceRole {
        const { context, stateMachine, description } = given;
        return new ServiceRole(name, {
            context,
            description,
            service: "events",
            sourceArn: eventRuleArn(context.location, context.naming.name("eventRule", given.rule)),
            statements: stateMachine.arn.apply(triggerPermissions),
        }, { parent: this });
    }

    private createTarget(name: string, given: { rule: EventRule; role: ServiceRole; stateMachine: StateMachine }): EventTarget {
        return new EventTarget(name, {
            rule: given.rule.name,
            targetId: PART,
            arn: given.stateMachine.arn,
            roleArn: given.role.roleArn,
            retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 8 },
        }, { parent: this, dependsOn: [given.role.policy] });
    }
}

interface TriggerRoleDetails {
    readonly context: PlatformContext;
    readonly stateMachine: StateMachine;
    /** Part of the rule's name: the role works for this rule alone. */
    readonly rule: string;
    readonly description: string;
}

/** As the pipeline is called in names. */
const PART = "training";
const UPLOAD_RULE = `${PART}-upload`;
const SCHEDULE_RULE = `${PART}-schedule`;

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
