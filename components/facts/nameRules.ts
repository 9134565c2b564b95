/**
 * Length and alphabet of physical names, read on 2026-11-21 from botocore 1.43.106's service models
 * (https://github.com/boto/botocore/tree/develop/botocore/data) unless a rule names another page.
 */
export interface NameRule {
    /** Characters. */
    readonly maxLength: number;
    readonly pattern: RegExp;
    /** Whether two hyphens in a row are refused, which join a suffix to its stack. @default false */
    readonly isSingleHyphened?: true;
    /** Where the rule is documented, when not in botocore's models. */
    readonly source?: string;
}

/** Stored in small letters: the provider takes no others. */
const DATABASE_NAME = /^[a-z](?!.*--)([a-z0-9-]*[a-z0-9])?$/;
const SAGEMAKER_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

export const nameRules = {
    alarm: {
        maxLength: 255,
        pattern: /^[A-Za-z0-9_-]+$/,
        source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
    },
    alias: {
        maxLength: 256,
        pattern: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/,
        source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
    },
    api: { maxLength: 128, pattern: /^[A-Za-z0-9_-]+$/ },
    authorizer: { maxLength: 128, pattern: /^[A-Za-z0-9_-]+$/ },
    bucket: {
        maxLength: 63,
        pattern: /^(?!xn--|sthree-)(?!.*(-s3alias|--ol-s3)$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
    },
    budget: {
        maxLength: 100,
        pattern: /^(?!.*\/action\/)[^:\\]+$/,
        source: "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html",
    },
    /** Of ElastiCache: a replication group. */
    cacheGroup: { maxLength: 40, pattern: DATABASE_NAME, isSingleHyphened: true },
    cacheSubnetGroup: { maxLength: 255, pattern: /^[a-z0-9-]+$/ },
    /** Of containers. */
    cluster: { maxLength: 255, pattern: /^[A-Za-z0-9_-]+$/ },
    dashboard: {
        maxLength: 255,
        pattern: /^[A-Za-z0-9_-]+$/,
        source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html",
    },
    /** An instance of RDS. */
    database: { maxLength: 63, pattern: DATABASE_NAME, isSingleHyphened: true },
    databaseParameterGroup: { maxLength: 255, pattern: DATABASE_NAME, isSingleHyphened: true },
    databaseSubnetGroup: { maxLength: 255, pattern: /^(?!default$)[a-z0-9 ._-]+$/ },
    endpoint: { maxLength: 63, pattern: SAGEMAKER_NAME },
    eventRule: { maxLength: 64, pattern: /^[.\-_A-Za-z0-9]+$/ },
    eventTarget: { maxLength: 64, pattern: /^[.\-_A-Za-z0-9]+$/ },
    function: { maxLength: 64, pattern: /^[a-zA-Z0-9-_]+$/ },
    inlinePolicy: { maxLength: 128, pattern: /^[\w+=,.@-]+$/ },
    job: { maxLength: 63, pattern: SAGEMAKER_NAME },
    loadBalancer: { maxLength: 32, pattern: /^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/ },
    logGroup: { maxLength: 512, pattern: /^[.\-_/#A-Za-z0-9]+$/ },
    parameter: { maxLength: 1011, pattern: /^\/[a-zA-Z0-9_.\-/]+$/ },
    query: {
        maxLength: 255,
        pattern: /^[A-Za-z0-9_\/-]+$/,
        source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html",
    },
    queue: {
        maxLength: 80,
        pattern: /^[A-Za-z0-9_-]+$/,
        source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
    },
    /** Of container images. */
    repository: {
        maxLength: 256,
        pattern: /^(?=.{2})[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/,
    },
    /** Unique in the whole account, whatever the region. */
    role: { maxLength: 64, pattern: /^[\w+=,.@-]+$/ },
    /** One that ends in a hyphen and six characters is taken, and then not found by its ARN: F54. */
    secret: {
        maxLength: 512,
        pattern: /^[A-Za-z0-9/_+=.@-]+$/,
        source: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
    },
    securityGroup: { maxLength: 255, pattern: /^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/ },
    stage: {
        maxLength: 128,
        pattern: /^(\$default|[A-Za-z0-9_-]+)$/,
        source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html",
    },
    /** The shorter alphabet: with logging switched on, Step Functions takes no other characters. */
    stateMachine: { maxLength: 80, pattern: /^[A-Za-z0-9_-]+$/ },
    /** Of a function's permission. */
    statement: { maxLength: 100, pattern: /^[a-zA-Z0-9-_]+$/ },
    stream: { maxLength: 128, pattern: /^[a-zA-Z0-9_.-]+$/ },
    table: { maxLength: 255, pattern: /^[a-zA-Z0-9_.-]{3,}$/ },
    targetGroup: { maxLength: 32, pattern: /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/ },
    taskFamily: { maxLength: 255, pattern: /^[A-Za-z0-9_-]+$/ },
    topic: { maxLength: 256, pattern: /^[A-Za-z0-9_-]+$/ },
} as const satisfies Readonly<Record<string, NameRule>>;

export type NamedType = keyof typeof nameRules;
