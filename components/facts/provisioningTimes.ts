/**
 * How long AWS takes, in seconds, put together on 2026-11-21. Where a page is named, it tells measured times: acceptance tests of the
 * Terraform provider (creation, read and deletion together, so an upper bound for both) or reports of users. The rest are estimates
 * from experience, and say so. Only for progress and reports: nothing waits or gives up by these numbers.
 */
/** When the tables below were last read and measured. */
export const PROVISIONING_TIMES_AS_OF = "2026-11-21";

export interface DurationRange {
    readonly min: number;
    readonly typical: number;
    /** Longer happens; then it is worth a look at the console. */
    readonly max: number;
}

export interface ProvisioningTime {
    readonly create: DurationRange;
    /** @default a few seconds: a change of properties in place */
    readonly update?: DurationRange;
    readonly delete: DurationRange;
    /** Page with measured times, or `estimate`. */
    readonly source: string;
}

const PROVIDER_PULLS = "https://github.com/hashicorp/terraform-provider-aws/pull";
const ESTIMATE = "estimate";

function range(min: number, typical: number, max: number): DurationRange {
    return { min, typical, max };
}

/** Deletions have no known minimum: many services answer at once and clear up later. */
function within(typical: number, max: number): DurationRange {
    return range(0, typical, max);
}

/** An object that a service only writes down: a policy, a rule, a setting, a permission. */
const SETTING: ProvisioningTime = { create: range(1, 2, 15), delete: within(2, 15), source: ESTIMATE };
const UPDATE_IN_PLACE = range(1, 3, 30);

const NETWORK_PART: ProvisioningTime = { create: range(2, 5, 20), delete: within(5, 60), source: `${PROVIDER_PULLS}/45532` };
const BUCKET_PART: ProvisioningTime = { create: range(1, 2, 30), delete: within(2, 30), source: ESTIMATE };
const HTTP_API_PART: ProvisioningTime = { create: range(1, 4, 15), delete: within(2, 10), source: ESTIMATE };
const KEY_PART: ProvisioningTime = { create: range(3, 10, 60), delete: within(1, 5), source: ESTIMATE };
const SAGEMAKER_RECORD: ProvisioningTime = { create: range(1, 3, 15), delete: within(1, 3), source: ESTIMATE };
const ENDPOINT_CREATION = range(150, 360, 900);

/** By type token: every type that the program declares. Another one counts as a setting. */
const provisioningTimes: Readonly<Record<string, ProvisioningTime>> = {
    "aws:apigatewayv2/api:Api": HTTP_API_PART,
    "aws:apigatewayv2/authorizer:Authorizer": HTTP_API_PART,
    "aws:apigatewayv2/integration:Integration": HTTP_API_PART,
    "aws:apigatewayv2/route:Route": HTTP_API_PART,
    "aws:apigatewayv2/stage:Stage": HTTP_API_PART,
    "aws:budgets/budget:Budget": SETTING,
    "aws:cloudwatch/dashboard:Dashboard": SETTING,
    "aws:cloudwatch/eventRule:EventRule": SETTING,
    "aws:cloudwatch/eventTarget:EventTarget": SETTING,
    "aws:cloudwatch/logGroup:LogGroup": { create: range(1, 2, 6), delete: within(1, 3), source: `${PROVIDER_PULLS}/45458` },
    "aws:cloudwatch/metricAlarm:MetricAlarm": SETTING,
    "aws:cloudwatch/queryDefinition:QueryDefinition": SETTING,
    // The provider waits for the table to be ACTIVE; each change of a setting is such a wait again.
    "aws:dynamodb/table:Table": { create: range(6, 12, 60), update: range(2, 12, 60), delete: within(6, 30), source: ESTIMATE },
    "aws:ec2/eip:Eip": { create: range(1, 3, 10), delete: within(3, 15), source: ESTIMATE },
    "aws:ec2/flowLog:FlowLog": SETTING,
    "aws:ec2/internetGateway:InternetGateway": NETWORK_PART,
    "aws:ec2/natGateway:NatGateway": { create: range(80, 110, 240), delete: within(50, 120), source: `${PROVIDER_PULLS}/38363` },
    "aws:ec2/route:Route": SETTING,
    "aws:ec2/routeTable:RouteTable": NETWORK_PART,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": SETTING,
    "aws:ec2/securityGroup:SecurityGroup": NETWORK_PART,
    "aws:ec2/subnet:Subnet": NETWORK_PART,
    "aws:ec2/vpc:Vpc": NETWORK_PART,
    // Of the two kinds the slower, the interface endpoint: the event does not say which it is.
    "aws:ec2/vpcEndpoint:VpcEndpoint": { create: range(5, 90, 300), delete: within(60, 300), source: ESTIMATE },
    "aws:iam/role:Role": { create: range(5, 10, 30), delete: within(2, 10), source: ESTIMATE },
    "aws:iam/rolePolicy:RolePolicy": SETTING,
    "aws:kinesis/stream:Stream": { create: range(15, 30, 90), update: range(15, 30, 90), delete: within(20, 60), source: ESTIMATE },
    "aws:kms/alias:Alias": KEY_PART,
    "aws:kms/key:Key": KEY_PART,
    "aws:lambda/eventSourceMapping:EventSourceMapping": { create: range(5, 15, 60), update: range(2, 15, 60), delete: within(15, 60), source: ESTIMATE },
    "aws:lambda/function:Function": { create: range(5, 10, 30), update: range(2, 5, 30), delete: within(1, 5), source: ESTIMATE },
    "aws:lambda/permission:Permission": SETTING,
    "aws:s3/bucket:Bucket": { create: range(3, 8, 30), delete: within(3, 600), source: ESTIMATE },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": BUCKET_PART,
    "aws:s3/bucketLogging:BucketLogging": BUCKET_PART,
    "aws:s3/bucketNotification:BucketNotification": BUCKET_PART,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": BUCKET_PART,
    "aws:s3/bucketPolicy:BucketPolicy": BUCKET_PART,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": BUCKET_PART,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": BUCKET_PART,
    "aws:s3/bucketVersioning:BucketVersioning": BUCKET_PART,
    // A good model; one that cannot be loaded takes an hour to be called failed (docs/failures.md#f02).
    "aws:sagemaker/endpoint:Endpoint": { create: ENDPOINT_CREATION, update: ENDPOINT_CREATION, delete: within(10, 180), source: `${PROVIDER_PULLS}/39090` },
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": SAGEMAKER_RECORD,
    "aws:sagemaker/model:Model": SAGEMAKER_RECORD,
    "aws:sfn/stateMachine:StateMachine": { create: range(2, 10, 40), update: range(1, 5, 40), delete: within(5, 60), source: ESTIMATE },
    "aws:sns/topic:Topic": SETTING,
    "aws:sns/topicPolicy:TopicPolicy": SETTING,
    "aws:sns/topicSubscription:TopicSubscription": SETTING,
    "aws:sqs/queue:Queue": { create: range(1, 25, 60), update: range(1, 25, 60), delete: within(60, 120), source: ESTIMATE },
    "aws:ssm/parameter:Parameter": SETTING,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": SETTING,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": SETTING,
    // A program on the machine of whoever deploys: the guards wait for endpoints in it.
    "command:local:Command": { create: range(1, 2, 60), delete: range(1, 10, 600), source: ESTIMATE },
    // In the state alone.
    "random:index/randomId:RandomId": { create: range(0, 0, 1), delete: range(0, 0, 1), source: ESTIMATE },
};

/**
 * States of the training pipeline that wait for SageMaker or for each other, by name; the others call a function or a service once.
 * Training: instance 90-180 s, image 30-60 s, training of a small table about 10 s, upload about 20 s, as estimated; whole pipelines of
 * 15-30 minutes are reported for such data.
 */
const stateTimes: Readonly<Record<string, DurationRange>> = {
    TrainModel: range(150, 240, 600),
    TransformTestSet: range(180, 300, 900),
    TrainVariants: range(360, 600, 1800),
    // Seconds while there are no endpoints, then one update of an endpoint per variant, one after the other.
    DeployModel: range(1, 420, 1800),
    // Pauses of the definition (components/inference/pipelineUpdate.ts, pipelineDeployment.ts, pipelineTurn.ts); a loop is told once.
    WaitForRouters: range(10, 10, 30),
    WaitForUpdate: range(15, 15, 45),
    WaitForEndpoint: range(20, 20, 60),
    WaitForTurn: range(60, 60, 300),
};

/** A state that calls a function, perhaps with a cold start over a whole file, or a service once. */
const CALL: DurationRange = range(1, 3, 60);

/**
 * Phases as a whole, when all of it is new: estimates, with room for what the rows above do not tell, such as limits on calls. The forecast
 * adds up rows along the plan instead, and takes from here only phases of which no plan tells more (preflight, verify).
 */
export const phaseTimes = {
    preflight: range(5, 15, 60),
    up: range(90, 180, 600),
    train: range(500, 900, 1800),
    "enable-endpoints": range(180, 400, 1200),
    verify: range(60, 180, 600),
    destroy: range(60, 240, 1200),
} as const satisfies Readonly<Record<string, DurationRange>>;

/** An endpoint from `Creating` or `Updating` to `InService`. */
export const endpointTimes: DurationRange = ENDPOINT_CREATION;

/** By kind: a gateway endpoint is routes; an interface endpoint is network interfaces and names, and what the type's own row tells. Estimates. */
export const vpcEndpointTimes = { Gateway: range(5, 10, 30), Interface: range(45, 90, 300) } as const satisfies Readonly<Record<string, DurationRange>>;

/**
 * What an `up` takes when nothing changes: CLI, plugins, program, and the look at what exists. 6 to 7 s were measured without a cloud
 * (bench/README.md); an account answers slower, by an estimate.
 */
export const engineTimes: DurationRange = range(6, 30, 120);

/** From the upload to the first state: S3 tells EventBridge, which starts the execution. An estimate. */
export const uploadTimes: DurationRange = range(2, 5, 60);

/** Undefined for a type that nobody measured or estimated. */
export function findProvisioningTime(type: string): ProvisioningTime | undefined {
    return provisioningTimes[type];
}

export const timedTypes: readonly string[] = Object.keys(provisioningTimes);

/** How long the operation usually takes. A replacement is a creation with a deletion that others do not wait for. */
export function expectResource(type: string, operation: string): DurationRange {
    const times = provisioningTimes[type] ?? SETTING;
    if (operation === "delete") return times.delete;
    return operation === "create" || operation === "replace" ? times.create : times.update ?? UPDATE_IN_PLACE;
}

/** @param state name as in the definition, perhaps with the variant behind it: `TrainModel (champion)` */
export function expectState(state: string): DurationRange {
    return stateTimes[state.replace(/ \(\w+\)$/, "")] ?? CALL;
}
