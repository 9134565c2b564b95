/** What an ARN says: which kind of resource it names, of which Pulumi type that is, and by which id it is imported. */

export interface ArnKind {
    /** `<service>:<resource type>`; what the table of removals goes by. */
    readonly kind: string;
    /** Finds the name, or what stands for it, in group 1. */
    readonly pattern: RegExp;
    /** Type token; absent for what the program does not declare but AWS makes on its behalf. */
    readonly type?: string;
    /** Id for `pulumi import`, by what group 1 found. @default what group 1 found */
    readonly id?: (found: string, arn: ArnParts) => string;
}

export interface ArnParts {
    readonly arn: string;
    readonly partition: string;
    readonly service: string;
    readonly region: string;
    readonly accountId: string;
}

const wholeArn = (_found: string, { arn }: ArnParts): string => arn;

/**
 * The import ids are those of https://www.pulumi.com/registry/packages/aws/api-docs/, section "Import" of each type's page; the ARNs have the forms of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
 */
export const arnKinds: readonly ArnKind[] = [
    {
        kind: "apigateway:stage", pattern: /:apigateway:[^:]*::\/apis\/([^/]+\/stages\/[^/]+)$/,
        type: "aws:apigatewayv2/stage:Stage", id: (found) => found.replace("/stages/", "/"),
    },
    { kind: "apigateway:api", pattern: /:apigateway:[^:]*::\/apis\/([^/]+)$/, type: "aws:apigatewayv2/api:Api" },
    {
        kind: "budgets:budget", pattern: /:budgets::\d+:budget\/(.+)$/,
        type: "aws:budgets/budget:Budget", id: (found, { accountId }) => `${accountId}:${found}`,
    },
    { kind: "cloudwatch:alarm", pattern: /:cloudwatch:[^:]*:\d+:alarm:(.+)$/, type: "aws:cloudwatch/metricAlarm:MetricAlarm" },
    { kind: "cloudwatch:dashboard", pattern: /:cloudwatch::\d+:dashboard\/(.+)$/, type: "aws:cloudwatch/dashboard:Dashboard" },
    { kind: "dynamodb:table", pattern: /:dynamodb:[^:]*:\d+:table\/([^/]+)$/, type: "aws:dynamodb/table:Table" },
    { kind: "ec2:elastic-ip", pattern: /:ec2:[^:]*:\d+:elastic-ip\/(.+)$/, type: "aws:ec2/eip:Eip" },
    { kind: "ec2:internet-gateway", pattern: /:ec2:[^:]*:\d+:internet-gateway\/(.+)$/, type: "aws:ec2/internetGateway:InternetGateway" },
    { kind: "ec2:natgateway", pattern: /:ec2:[^:]*:\d+:natgateway\/(.+)$/, type: "aws:ec2/natGateway:NatGateway" },
    { kind: "ec2:network-interface", pattern: /:ec2:[^:]*:\d+:network-interface\/(.+)$/ },
    { kind: "ec2:route-table", pattern: /:ec2:[^:]*:\d+:route-table\/(.+)$/, type: "aws:ec2/routeTable:RouteTable" },
    { kind: "ec2:security-group", pattern: /:ec2:[^:]*:\d+:security-group\/(.+)$/, type: "aws:ec2/securityGroup:SecurityGroup" },
    { kind: "ec2:security-group-rule", pattern: /:ec2:[^:]*:\d+:security-group-rule\/(.+)$/ },
    { kind: "ec2:subnet", pattern: /:ec2:[^:]*:\d+:subnet\/(.+)$/, type: "aws:ec2/subnet:Subnet" },
    { kind: "ec2:vpc", pattern: /:ec2:[^:]*:\d+:vpc\/(.+)$/, type: "aws:ec2/vpc:Vpc" },
    { kind: "ec2:vpc-endpoint", pattern: /:ec2:[^:]*:\d+:vpc-endpoint\/(.+)$/, type: "aws:ec2/vpcEndpoint:VpcEndpoint" },
    { kind: "ec2:vpc-flow-log", pattern: /:ec2:[^:]*:\d+:vpc-flow-log\/(.+)$/, type: "aws:ec2/flowLog:FlowLog" },
    { kind: "events:rule", pattern: /:events:[^:]*:\d+:rule\/([^/]+)$/, type: "aws:cloudwatch/eventRule:EventRule" },
    { kind: "iam:role", pattern: /:iam::\d+:role\/(?:.+\/)?([^/]+)$/, type: "aws:iam/role:Role" },
    { kind: "kinesis:stream", pattern: /:kinesis:[^:]*:\d+:stream\/([^/]+)$/, type: "aws:kinesis/stream:Stream" },
    { kind: "kms:alias", pattern: /:kms:[^:]*:\d+:(alias\/.+)$/, type: "aws:kms/alias:Alias" },
    { kind: "kms:key", pattern: /:kms:[^:]*:\d+:key\/(.+)$/, type: "aws:kms/key:Key" },
    {
        kind: "lambda:event-source-mapping", pattern: /:lambda:[^:]*:\d+:event-source-mapping:(.+)$/,
        type: "aws:lambda/eventSourceMapping:EventSourceMapping",
    },
    { kind: "lambda:function", pattern: /:lambda:[^:]*:\d+:function:([^:]+)$/, type: "aws:lambda/function:Function" },
    { kind: "logs:log-stream", pattern: /:logs:[^:]*:\d+:log-group:[^:]+:log-stream:(.+)$/ },
    { kind: "logs:log-group", pattern: /:logs:[^:]*:\d+:log-group:([^:]+)(?::\*)?$/, type: "aws:cloudwatch/logGroup:LogGroup" },
    {
        kind: "logs:query-definition", pattern: /:logs:[^:]*:\d+:query-definition:(.+)$/,
        type: "aws:cloudwatch/queryDefinition:QueryDefinition", id: wholeArn,
    },
    { kind: "s3:bucket", pattern: /:s3:::([^/]+)$/, type: "aws:s3/bucket:Bucket" },
    { kind: "sagemaker:endpoint", pattern: /:sagemaker:[^:]*:\d+:endpoint\/(.+)$/, type: "aws:sagemaker/endpoint:Endpoint" },
    {
        kind: "sagemaker:endpoint-config", pattern: /:sagemaker:[^:]*:\d+:endpoint-config\/(.+)$/,
        type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    },
    { kind: "sagemaker:model", pattern: /:sagemaker:[^:]*:\d+:model\/(.+)$/, type: "aws:sagemaker/model:Model" },
    { kind: "sagemaker:training-job", pattern: /:sagemaker:[^:]*:\d+:training-job\/(.+)$/ },
    { kind: "sagemaker:transform-job", pattern: /:sagemaker:[^:]*:\d+:transform-job\/(.+)$/ },
    { kind: "sns:topic", pattern: /:sns:[^:]*:\d+:([^:]+)$/, type: "aws:sns/topic:Topic", id: wholeArn },
    // Imported by its address, which does not follow from the ARN alone everywhere: whoever lists the queues knows it.
    { kind: "sqs:queue", pattern: /:sqs:[^:]*:\d+:([^:]+)$/, type: "aws:sqs/queue:Queue", id: wholeArn },
    { kind: "ssm:parameter", pattern: /:ssm:[^:]*:\d+:parameter(\/.+)$/, type: "aws:ssm/parameter:Parameter" },
    {
        kind: "states:state-machine", pattern: /:states:[^:]*:\d+:stateMachine:([^:]+)$/,
        type: "aws:sfn/stateMachine:StateMachine", id: wholeArn,
    },
];

export interface DescribedArn {
    readonly kind: string;
    readonly type: string | undefined;
    readonly id: string | undefined;
    /** Name, without the path that leads to it. */
    readonly name: string;
}

/** A kind that is not in the table is called after its service, and has neither type nor id. */
export function describeArn(arn: string): DescribedArn {
    const parts = parseArn(arn);
    for (const { kind, pattern, type, id } of arnKinds) {
        const name = pattern.exec(arn)?.[1];
        if (name !== undefined) return { kind, type, id: type === undefined ? undefined : id?.(name, parts) ?? name, name };
    }
    return { kind: parts.service, type: undefined, id: undefined, name: arn.split(":").slice(5).join(":") };
}

/** Whether the table above has it. */
export function isKnownKind({ kind }: DescribedArn): boolean {
    return kind.includes(":");
}

function parseArn(arn: string): ArnParts {
    const [, partition = "", service = "", region = "", accountId = ""] = arn.split(":");
    return { arn, partition, service, region, accountId };
}
