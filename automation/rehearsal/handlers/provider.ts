/** The rehearsal's provider: what the embedded engine deploys with, and its twin that only predicts. */
import type { AwsTarget } from "../../aws.ts";
import type { Provider, RemoteComponent, ResourceHandler } from "../../engine/provider.ts";
import { awsxVpc } from "./awsxVpc.ts";
import { budget } from "./budget.ts";
import { createHandlerClients } from "./clients.ts";
import { dashboard } from "./dashboard.ts";
import { bindHandler, bindLocalHandler, bindPrediction, type HandlerContext, type LocalDefinition, type ResourceDefinition } from "./definition.ts";
import { dynamodbTable } from "./dynamodbTable.ts";
import { flowLog } from "./ec2FlowLog.ts";
import { eip, natGateway } from "./ec2Nat.ts";
import { route, routeTable, routeTableAssociation } from "./ec2RouteTable.ts";
import { securityGroup, securityGroupEgressRule, securityGroupIngressRule } from "./ec2SecurityGroup.ts";
import { subnet } from "./ec2Subnet.ts";
import { internetGateway, vpc } from "./ec2Vpc.ts";
import { vpcEndpoint } from "./ec2VpcEndpoint.ts";
import { eventRule } from "./eventRule.ts";
import { eventTarget } from "./eventTarget.ts";
import { eventSourceMapping } from "./eventSourceMapping.ts";
import { httpApi } from "./httpApi.ts";
import { httpApiAuthorizer } from "./httpApiAuthorizer.ts";
import { httpApiIntegration, httpApiRoute } from "./httpApiRoute.ts";
import { httpApiStage } from "./httpApiStage.ts";
import { iamRole, iamRolePolicy } from "./iamRole.ts";
import { createInvokes, createPlanningInvokes } from "./invokes.ts";
import { kinesisStream } from "./kinesisStream.ts";
import { kmsAlias } from "./kmsAlias.ts";
import { kmsKey } from "./kmsKey.ts";
import { lambdaFunction } from "./lambdaFunction.ts";
import { lambdaPermission } from "./lambdaPermission.ts";
import { localCommand } from "./localCommand.ts";
import { logGroup } from "./logGroup.ts";
import { metricAlarm } from "./metricAlarm.ts";
import { describePlace } from "./place.ts";
import { queryDefinition } from "./queryDefinition.ts";
import { randomId } from "./randomId.ts";
import { s3Bucket } from "./s3Bucket.ts";
import { s3BucketEncryption, s3BucketOwnershipControls, s3BucketPolicy, s3BucketPublicAccessBlock, s3BucketVersioning } from "./s3Configuration.ts";
import { s3BucketLifecycle } from "./s3Lifecycle.ts";
import { s3BucketLogging } from "./s3Logging.ts";
import { s3BucketNotification } from "./s3Notification.ts";
import { sagemakerEndpoint } from "./sagemakerEndpoint.ts";
import { sagemakerEndpointConfiguration } from "./sagemakerEndpointConfiguration.ts";
import { sagemakerModel } from "./sagemakerModel.ts";
import { snsTopic, snsTopicSubscription } from "./snsTopic.ts";
import { snsTopicPolicy } from "./snsTopicPolicy.ts";
import { sqsQueue } from "./sqsQueue.ts";
import { ssmParameter } from "./ssmParameter.ts";
import { stateMachine } from "./stateMachine.ts";

/** The resource types that live in the cloud. */
export const cloudDefinitions: readonly ResourceDefinition[] = [
    kmsKey, kmsAlias,
    s3Bucket, s3BucketVersioning, s3BucketEncryption, s3BucketPublicAccessBlock, s3BucketOwnershipControls, s3BucketPolicy,
    s3BucketLifecycle, s3BucketNotification, s3BucketLogging,
    dynamodbTable,
    iamRole, iamRolePolicy,
    logGroup,
    kinesisStream, sqsQueue,
    lambdaFunction, lambdaPermission, eventSourceMapping,
    httpApi, httpApiAuthorizer, httpApiIntegration, httpApiRoute, httpApiStage,
    eventRule, eventTarget,
    stateMachine,
    snsTopic, snsTopicPolicy, snsTopicSubscription,
    metricAlarm, dashboard, budget,
    ssmParameter,
    sagemakerModel, sagemakerEndpointConfiguration, sagemakerEndpoint,
    vpc, internetGateway, subnet, routeTable, routeTableAssociation, route, eip, natGateway,
    vpcEndpoint, securityGroup, securityGroupIngressRule, securityGroupEgressRule, flowLog,
];

/** The resource types that live in state only. */
export const localDefinitions: readonly LocalDefinition[] = [randomId, localCommand, queryDefinition];

/** The remote components that are expanded here. */
const components: ReadonlyMap<string, RemoteComponent> = new Map([[awsxVpc.type, awsxVpc]]);

export interface RehearsalProviderOptions {
    readonly target: AwsTarget;
    readonly accountId: string;
    /** Environment of `command.local` processes. It must hold no real credential. */
    readonly environment: NodeJS.ProcessEnv;
    /** Absolute path; where `command.local` runs. */
    readonly projectFolder: string;
}

/** Makes every resource by calls to the rehearsal cloud. */
export function createRehearsalProvider(options: RehearsalProviderOptions): Provider {
    const place = describePlace({ accountId: options.accountId, region: options.target.region });
    const clients = createHandlerClients(options.target);
    const context: HandlerContext = { clients, place, environment: options.environment, projectFolder: options.projectFolder };
    return {
        resources: byType([
            ...cloudDefinitions.map((definition) => bindHandler(definition, context)),
            ...localDefinitions.map((definition) => bindLocalHandler(definition, context)),
        ]),
        invokes: createInvokes(place, clients),
        components,
    };
}

export interface PlanningProviderOptions {
    readonly region: string;
    readonly accountId: string;
    /** @default the region's */
    readonly partition?: string;
    /** What `getParametersByPath` answers, by full name. @default none */
    readonly parameters?: Readonly<Record<string, string>>;
}

/** Predicts every resource and makes none: for plans, without a cloud or an account. */
export function createPlanningProvider(options: PlanningProviderOptions): Provider {
    const place = describePlace(options);
    return {
        resources: byType([...cloudDefinitions, ...localDefinitions].map((definition) => bindPrediction(definition, place))),
        invokes: createPlanningInvokes(place, options.parameters ?? {}),
        components,
    };
}

function byType(handlers: readonly ResourceHandler[]): ReadonlyMap<string, ResourceHandler> {
    return new Map(handlers.map((handler) => [handler.table.type, handler]));
}
