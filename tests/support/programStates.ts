/** What the mocks answer for each resource type: the outputs that the program reads. A type that is not here is refused. */
export interface StateRequest {
    readonly type: string;
    readonly name: string;
    readonly inputs: Readonly<Record<string, any>>;
}

export interface StatePlace {
    readonly region: string;
    readonly partition: string;
    readonly dnsSuffix: string;
}

type Answer = (inputs: Readonly<Record<string, any>>, arn: (service: string, resource: string) => string, name: string) => Record<string, unknown>;

const ACCOUNT = "123456789012";

const glue: Answer = () => ({});

const answers: Readonly<Record<string, Answer>> = {
    "random:index/randomId:RandomId": () => ({ hex: "a1b2c3" }),
    "aws:kms/key:Key": (_inputs, arn, name) => ({ keyId: `id-of-${name}`, arn: arn("kms", `key/id-of-${name}`) }),
    "aws:kms/alias:Alias": glue,
    "aws:s3/bucket:Bucket": (inputs, arn) => ({ arn: `${arn("s3", "").split(":").slice(0, 2).join(":")}:s3:::${inputs["bucket"]}` }),
    "aws:s3/bucketVersioning:BucketVersioning": glue,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": glue,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": glue,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": glue,
    "aws:s3/bucketPolicy:BucketPolicy": glue,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": glue,
    "aws:s3/bucketLogging:BucketLogging": glue,
    "aws:s3/bucketNotification:BucketNotification": glue,
    "aws:kinesis/stream:Stream": (inputs, arn) => ({ arn: arn("kinesis", `stream/${inputs["name"]}`) }),
    "aws:sqs/queue:Queue": (inputs, arn) => ({ arn: arn("sqs", inputs["name"]), url: `https://sqs.test/${ACCOUNT}/${inputs["name"]}` }),
    "aws:dynamodb/table:Table": (inputs, arn) => ({ arn: arn("dynamodb", `table/${inputs["name"]}`) }),
    "aws:iam/role:Role": (inputs, arn) => ({ arn: arn("iam", `role/${inputs["name"]}`).replace(/:iam:[^:]*:/, ":iam::") }),
    "aws:iam/rolePolicy:RolePolicy": glue,
    "aws:cloudwatch/logGroup:LogGroup": (inputs, arn) => ({ arn: arn("logs", `log-group:${inputs["name"]}`) }),
    "aws:cloudwatch/eventRule:EventRule": (inputs, arn) => ({ arn: arn("events", `rule/${inputs["name"]}`) }),
    "aws:cloudwatch/eventTarget:EventTarget": glue,
    "aws:lambda/function:Function": (inputs, arn) => ({
        arn: arn("lambda", `function:${inputs["name"]}`),
        invokeArn: arn("apigateway", `lambda:path/functions/${inputs["name"]}/invocations`),
    }),
    "aws:lambda/eventSourceMapping:EventSourceMapping": (_inputs, arn) => ({ arn: arn("lambda", "event-source-mapping:uuid") }),
    "aws:lambda/permission:Permission": glue,
    "aws:apigatewayv2/api:Api": (_inputs, arn) => ({ apiEndpoint: "https://api.test", executionArn: arn("execute-api", "api") }),
    "aws:apigatewayv2/authorizer:Authorizer": glue,
    "aws:apigatewayv2/integration:Integration": glue,
    "aws:apigatewayv2/route:Route": glue,
    "aws:apigatewayv2/stage:Stage": glue,
    "aws:sfn/stateMachine:StateMachine": (inputs, arn) => ({ arn: arn("states", `stateMachine:${inputs["name"]}`) }),
    "aws:sns/topic:Topic": (inputs, arn) => ({ arn: arn("sns", inputs["name"]) }),
    "aws:sns/topicSubscription:TopicSubscription": glue,
    "aws:sns/topicPolicy:TopicPolicy": glue,
    "aws:cloudwatch/metricAlarm:MetricAlarm": (inputs, arn) => ({ arn: arn("cloudwatch", `alarm:${inputs["name"]}`) }),
    "aws:cloudwatch/dashboard:Dashboard": glue,
    "aws:cloudwatch/queryDefinition:QueryDefinition": glue,
    "aws:budgets/budget:Budget": glue,
    "aws:ssm/parameter:Parameter": (inputs, arn) => ({ arn: arn("ssm", `parameter${inputs["name"]}`) }),
    "aws:sagemaker/model:Model": (_inputs, arn, name) => ({ name: `${name}-0123456`, arn: arn("sagemaker", `model/${name}-0123456`) }),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": (_inputs, arn, name) => (
        { name: `${name}-0123456`, arn: arn("sagemaker", `endpoint-config/${name}-0123456`) }
    ),
    "aws:sagemaker/endpoint:Endpoint": (inputs, arn) => ({ arn: arn("sagemaker", `endpoint/${inputs["name"]}`) }),
    "awsx:ec2:Vpc": (inputs, _arn, name) => describeVpc(inputs, name),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (inputs, _arn, name) => (inputs["vpcEndpointType"] === "Gateway" ? { prefixListId: `pl-of-${name}` } : {}),
    "aws:ec2/securityGroup:SecurityGroup": glue,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": glue,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": glue,
    "aws:ec2/flowLog:FlowLog": glue,
    "command:local:Command": () => ({ stdout: "", stderr: "" }),
};

/** Zone by zone, public before private before isolated, as the package makes them. Resources come as ids, since their classes are not loaded. */
function describeVpc(inputs: Readonly<Record<string, any>>, name: string): Record<string, unknown> {
    const zones = Array.from({ length: inputs["numberOfAvailabilityZones"] as number }, (_zone, index) => index + 1);
    const idsOf = (kind: string): string[] => zones.map((zone) => `id-of-${name}-${kind}-${zone}`);
    const all = zones.flatMap((zone) => ["public", "private", "isolated"].map((kind) => `${name}-${kind}-${zone}`));
    return {
        vpcId: `id-of-${name}`,
        subnets: all.map((subnet) => `id-of-${subnet}`), routeTables: all.map((subnet) => `table-of-${subnet}`),
        publicSubnetIds: idsOf("public"), privateSubnetIds: idsOf("private"), isolatedSubnetIds: idsOf("isolated"),
    };
}

/** Id and outputs of a resource. Components and the stack have neither. */
export function predictState({ type, name, inputs }: StateRequest, place: StatePlace): { id: string; state: Record<string, unknown> } {
    if (type.startsWith("firstlight:") || type.startsWith("pulumi:")) return { id: "", state: { ...inputs } };
    const answer = answers[type];
    if (answer === undefined) {
        const message = `no mock for the resource type ${type} (${name})`;
        throw Object.assign(new Error(message), { details: message });
    }
    const arn = (service: string, resource: string): string => `arn:${place.partition}:${service}:${place.region}:${ACCOUNT}:${resource}`;
    return { id: `id-of-${name}`, state: { ...inputs, ...answer(inputs, arn, name) } };
}
