/** Who may do what, written down a second time: a permission that is added or removed must be meant. */
import { expect } from "chai";
import declarePlatform from "../index.ts";
import { runProgram } from "./support/mocks.ts";
import type { RecordedProgram } from "./support/mocks.ts";
import { SWITCHED_ON, statementsOf } from "./support/programContexts.ts";
import type { PolicyStatement } from "./support/programContexts.ts";

const READ = "s3:GetObject, s3:GetObjectVersion";
const WRITE = "s3:PutObject, s3:AbortMultipartUpload";
const USE_KEY = "kms:Decrypt, kms:DescribeKey, kms:Encrypt, kms:GenerateDataKey*, kms:ReEncrypt*";
const READ_KEY = "kms:Decrypt, kms:DescribeKey";
const DECRYPT_ENVIRONMENT = "kms:Decrypt on lambda-key";
const ENTER_REGISTRY = "ecr:GetAuthorizationToken on *";
const PULL_IMAGE = "ecr:BatchCheckLayerAvailability, ecr:GetDownloadUrlForLayer, ecr:BatchGetImage on sagemaker-xgboost";
const WRITE_CONTAINER_LOGS = "logs:CreateLogGroup, logs:CreateLogStream, logs:DescribeLogStreams, logs:PutLogEvents";
const PUT_METRICS = "cloudwatch:PutMetricData on * if cloudwatch:namespace is /aws/sagemaker/*";
/** What who sends to the encrypted alert topic does with its key. */
const SEND = "kms:Decrypt, kms:GenerateDataKey*";
const EVENTS_OF_JOBS = "StepFunctionsGetEventsForSageMaker";

const writeOwnLogs = (name: string): string => `logs:CreateLogStream, logs:PutLogEvents on /aws/lambda/firstlight-dev-${name}:*`;
const via = (service: string): string => `if kms:ViaService is ${service}.eu-central-1.amazonaws.com`;

const SUBNETS = "subnet/id-of-network-isolated-1, subnet/id-of-network-isolated-2";
/** What the pipeline's runs make, of both variants: not what another stack whose name goes on makes. */
const ofRuns = (kind: string): string => ["a", "b"].map((letter) => `${kind}/firstlight-dev-????????????-${letter}-*`).join(", ");
const OUR_TEST = "if dynamodb:LeadingKeys is champion-challenger";
const READ_SERVING = "ssm:GetParameter on /firstlight/dev/inference/serving-champion, /firstlight/dev/inference/serving-challenger";
/** What both routers do: the inference function for a request, the consumer for a batch. */
const ROUTE = [
    READ_SERVING, `dynamodb:GetItem on firstlight-dev-ab-tests ${OUR_TEST}`,
    "sagemaker:InvokeEndpoint on firstlight-dev-champion, firstlight-dev-challenger", `${READ} on models/training/*`,
];

const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
    "select-data": [writeOwnLogs("select-data"), DECRYPT_ENVIRONMENT, "s3:ListBucketVersions on raw if s3:prefix is data/"],
    "validate-data": [
        writeOwnLogs("validate-data"), DECRYPT_ENVIRONMENT,
        `${READ} on raw/data/*`, `${WRITE} on processed/runs/*`, `${USE_KEY} on s3-key ${via("s3")}`,
    ],
    "preprocess-data": [
        writeOwnLogs("preprocess-data"), DECRYPT_ENVIRONMENT,
        `${READ} on raw/data/*`, `${READ} on processed/runs/*`, `${WRITE} on processed/runs/*`, `${USE_KEY} on s3-key ${via("s3")}`,
    ],
    "evaluate-model": [
        writeOwnLogs("evaluate-model"), DECRYPT_ENVIRONMENT,
        `${READ} on processed/runs/*`, `${WRITE} on processed/runs/*`, `${USE_KEY} on s3-key ${via("s3")}`,
    ],
    "register-model": [
        writeOwnLogs("register-model"), DECRYPT_ENVIRONMENT,
        `${READ} on processed/runs/*`, `${WRITE} on models/training/*`, `${USE_KEY} on s3-key ${via("s3")}`,
        "dynamodb:PutItem on firstlight-dev-model-metadata, firstlight-dev-training-metrics", `${USE_KEY} on dynamodb-key ${via("dynamodb")}`,
    ],
    "approve-model": [
        writeOwnLogs("approve-model"), DECRYPT_ENVIRONMENT,
        `ssm:GetParameter, ssm:PutParameter on ${["champion", "challenger"]
            .flatMap((variant) => ["approved", "serving"].map((kind) => `/firstlight/dev/inference/${kind}-${variant}`)).join(", ")}`,
        "dynamodb:UpdateItem on firstlight-dev-model-metadata", `${USE_KEY} on dynamodb-key ${via("dynamodb")}`,
    ],
    "inference": [writeOwnLogs("inference"), DECRYPT_ENVIRONMENT, ...ROUTE, `${READ_KEY} on s3-key ${via("s3")}`, `${READ_KEY} on dynamodb-key ${via("dynamodb")}`],
    "models": [
        writeOwnLogs("models"), DECRYPT_ENVIRONMENT,
        "dynamodb:Query, dynamodb:Scan on firstlight-dev-model-metadata", "dynamodb:Query on firstlight-dev-training-metrics",
        `${READ_KEY} on dynamodb-key ${via("dynamodb")}`,
    ],
    "ab-tests": [
        writeOwnLogs("ab-tests"), DECRYPT_ENVIRONMENT,
        `dynamodb:GetItem on firstlight-dev-ab-tests ${OUR_TEST}`, `dynamodb:UpdateItem on firstlight-dev-ab-tests ${OUR_TEST}`,
        `${USE_KEY} on dynamodb-key ${via("dynamodb")}`,
    ],
    "health": [writeOwnLogs("health"), DECRYPT_ENVIRONMENT, READ_SERVING, `dynamodb:GetItem on firstlight-dev-ab-tests ${OUR_TEST}`, `${READ_KEY} on dynamodb-key ${via("dynamodb")}`],
    "stream-consumer": [
        writeOwnLogs("stream-consumer"), DECRYPT_ENVIRONMENT, ...ROUTE,
        `${["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"].map((verb) => `kinesis:${verb}`).join(", ")} on firstlight-dev-records`,
        `${READ_KEY} on kinesis-key ${via("kinesis")}`,
        `${WRITE} on processed/predictions/*`, `${WRITE} on processed/aws/lambda/*`, "s3:ListBucket on processed", `${USE_KEY} on s3-key ${via("s3")}`,
        "sqs:SendMessage on firstlight-dev-dead-letters", `${USE_KEY} on kinesis-key ${via("sqs")}`,
        "dynamodb:GetItem, dynamodb:UpdateItem on firstlight-dev-stream-checkpoints", `${USE_KEY} on dynamodb-key ${via("dynamodb")}`,
    ],
    "training": [
        `${READ} on processed/runs/*`, "s3:ListBucket on processed if s3:prefix is runs/*", `${WRITE} on processed/runs/*/transform/*`,
        `${READ} on models/training/*`, "s3:ListBucket on models if s3:prefix is training/*", `${WRITE} on models/training/*`,
        `${USE_KEY} on s3-key ${via("s3")}`,
        "kms:CreateGrant on sagemaker-key if kms:GrantIsForAWSResource is true",
        "kms:Decrypt, kms:DescribeKey, kms:GenerateDataKeyWithoutPlaintext on sagemaker-key",
        ENTER_REGISTRY, PULL_IMAGE, PUT_METRICS,
        `${WRITE_CONTAINER_LOGS} on /aws/sagemaker/TrainingJobs, /aws/sagemaker/TrainingJobs:*, `
        + "/aws/sagemaker/TransformJobs, /aws/sagemaker/TransformJobs:*",
    ],
    "serving": [
        `${READ} on models/training/*`, `${READ_KEY} on s3-key ${via("s3")}`, ENTER_REGISTRY, PULL_IMAGE, PUT_METRICS,
        `${WRITE_CONTAINER_LOGS} on /aws/sagemaker/Endpoints/firstlight-dev-champion, /aws/sagemaker/Endpoints/firstlight-dev-champion:*, `
        + "/aws/sagemaker/Endpoints/firstlight-dev-challenger, /aws/sagemaker/Endpoints/firstlight-dev-challenger:*",
    ],
    "pipeline-trigger": ["states:StartExecution on firstlight-dev-training"],
    "pipeline-schedule": ["states:StartExecution on firstlight-dev-training"],
    "pipeline": [
        "dynamodb:PutItem on firstlight-dev-pipeline-leases",
        "dynamodb:GetItem, dynamodb:DeleteItem on firstlight-dev-pipeline-leases if dynamodb:LeadingKeys is turn",
        "states:DescribeExecution on execution:firstlight-dev-training:*", `${USE_KEY} on dynamodb-key ${via("dynamodb")}`,
        `lambda:InvokeFunction on ${["select-data", "validate-data", "preprocess-data", "evaluate-model", "register-model", "approve-model"]
            .flatMap((name) => [`firstlight-dev-${name}`, `firstlight-dev-${name}:*`]).join(", ")}`,
        `sagemaker:CreateTrainingJob, sagemaker:DescribeTrainingJob, sagemaker:StopTrainingJob on ${ofRuns("training-job")}`,
        `sagemaker:CreateTransformJob, sagemaker:DescribeTransformJob, sagemaker:StopTransformJob on ${ofRuns("transform-job")}`,
        `sagemaker:AddTags on ${ofRuns("training-job")}, ${ofRuns("transform-job")}`,
        "sagemaker:ListTags on *",
        `events:PutTargets, events:PutRule, events:DescribeRule on ${EVENTS_OF_JOBS}TrainingJobsRule, ${EVENTS_OF_JOBS}TransformJobsRule`,
        `sagemaker:CreateModel, sagemaker:DeleteModel, sagemaker:AddTags on ${ofRuns("model")}`,
        `ssm:GetParameter on ${["settings", "approved-champion", "approved-challenger"].map((name) => `/firstlight/dev/inference/${name}`).join(", ")}`,
        `dynamodb:UpdateItem on firstlight-dev-ab-tests ${OUR_TEST}`,
        `sagemaker:CreateEndpointConfig, sagemaker:AddTags on ${ofRuns("endpoint-config")}`,
        "sagemaker:DescribeEndpoint on firstlight-dev-champion, firstlight-dev-challenger",
        "sagemaker:UpdateEndpoint on firstlight-dev-champion, firstlight-dev-challenger, endpoint-config/firstlight-dev-*",
        "iam:PassRole on firstlight-dev-training-eu-central-1, firstlight-dev-serving-eu-central-1 if iam:PassedToService is sagemaker.amazonaws.com",
        "sns:Publish on firstlight-dev-alerts", `${USE_KEY} on lambda-key ${via("sns")}`,
        `${["Create", "Get", "Update", "Delete"].map((verb) => `logs:${verb}LogDelivery`).join(", ")}, logs:ListLogDeliveries, `
        + "logs:PutResourcePolicy, logs:DescribeResourcePolicies, logs:DescribeLogGroups on *",
    ],
};

/** Service, and on whose behalf where it says so. */
const TRUSTS: Readonly<Record<string, string>> = {
    "select-data": "lambda", "validate-data": "lambda", "preprocess-data": "lambda",
    "evaluate-model": "lambda", "register-model": "lambda", "approve-model": "lambda",
    "inference": "lambda", "models": "lambda", "ab-tests": "lambda", "health": "lambda", "stream-consumer": "lambda",
    "training": "sagemaker if aws:SourceAccount is 123456789012",
    "serving": "sagemaker if aws:SourceAccount is 123456789012",
    "pipeline": "states if aws:SourceAccount is 123456789012 and aws:SourceArn is arn:aws:states:eu-central-1:123456789012:stateMachine:*",
    "pipeline-trigger": "events if aws:SourceAccount is 123456789012 "
        + "and aws:SourceArn is arn:aws:events:eu-central-1:123456789012:rule/firstlight-dev-training-upload",
    "pipeline-schedule": "events if aws:SourceAccount is 123456789012 "
        + "and aws:SourceArn is arn:aws:events:eu-central-1:123456789012:rule/firstlight-dev-training-schedule",
};

describe("the program's permissions", function () {
    this.timeout(30_000);
    let resources: RecordedProgram;

    before(async () => {
        resources = (await runProgram(declarePlatform, { parameters: SWITCHED_ON })).resources;
    });

    it("are what each role needs, and nothing else", () => {
        const policies = resources.ofType("aws:iam/rolePolicy:RolePolicy");
        expect(policies.map(({ name }) => name)).to.have.members(Object.keys(PERMISSIONS).map((name) => `${name}-policy`));
        for (const { name, inputs } of policies) {
            const expected = PERMISSIONS[name.replace(/-policy$/, "")] ?? [];
            expect(statementsOf(inputs["policy"]).map(describePermission), name).to.have.members([...expected]);
        }
    });

    it("go to one service each, on our behalf alone where the service says on whose", () => {
        const roles = resources.ofType("aws:iam/role:Role");
        const trusts = roles.map(({ name, inputs }) => [name.replace(/-role$/, ""), statementsOf(inputs["assumeRolePolicy"]).map(describeTrust).join("; ")]);
        expect(Object.fromEntries(trusts)).to.deep.equal(TRUSTS);
    });

    it("leave every key with the account, and let logs and those who send alerts use one", () => {
        const describe = (statement: PolicyStatement): string => `${statement.Sid}: ${statement.Action.join(", ")}${describeConditions(statement)}`;
        const keys = resources.ofType("aws:kms/key:Key").map(({ name, inputs }) => [name, statementsOf(inputs["policy"]).map(describe)]);
        const owner = "AccountOwnsKey: kms:*";
        expect(Object.fromEntries(keys)).to.deep.equal({
            "s3-key": [owner], "dynamodb-key": [owner], "sagemaker-key": [owner], "kinesis-key": [owner],
            "lambda-key": [
                owner,
                `LogsUseKey: kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey*, kms:Describe* if kms:EncryptionContext:aws:logs:arn is ${
                    ["lambda", "sagemaker/Endpoints", "vendedlogs/apigateway", "vendedlogs/states", "vendedlogs/vpc"]
                        .map((folder) => `arn:aws:logs:eu-central-1:123456789012:log-group:/aws/${folder}/firstlight-dev-*`).join()}`,
                `CloudwatchUsesKey: ${SEND} if aws:SourceAccount is 123456789012 and aws:SourceArn is arn:aws:cloudwatch:eu-central-1:123456789012:alarm:firstlight-dev-*`,
                // EventBridge says neither account nor ARN to the key.
                `EventsUsesKey: ${SEND}`,
                `BudgetsUsesKey: ${SEND} if aws:SourceAccount is 123456789012 and aws:SourceArn is arn:aws:budgets::123456789012:budget/firstlight-dev-*`,
            ],
        });
    });

    it("end at every bucket for whoever comes without TLS", () => {
        const policies = resources.ofType("aws:s3/bucketPolicy:BucketPolicy");
        expect(policies).to.have.length(resources.ofType("aws:s3/bucket:Bucket").length);
        for (const { name, inputs } of policies) {
            const denied = statementsOf(inputs["policy"]).filter(({ Effect }) => Effect === "Deny");
            expect(denied.map(({ Action, Condition }) => [Action, Condition]), name).to.deep.equal([[["s3:*"], { Bool: { "aws:SecureTransport": "false" } }]]);
        }
    });

    it("open the alert topic to those who alert, and to nobody else", () => {
        const [policy, ...others] = resources.ofType("aws:sns/topicPolicy:TopicPolicy");
        expect(others).to.deep.equal([]);
        const describe = (statement: PolicyStatement): string => `${JSON.stringify(statement.Principal)}: ${describePermission(statement)}`;
        const send = "sns:Publish on firstlight-dev-alerts";
        expect(statementsOf(policy?.inputs["policy"]).map(describe)).to.deep.equal([
            `{"Service":["cloudwatch.amazonaws.com"]}: ${send} if aws:SourceAccount is 123456789012 and aws:SourceArn is arn:aws:cloudwatch:eu-central-1:123456789012:alarm:firstlight-dev-*`,
            // EventBridge says neither account nor ARN to a topic.
            `{"Service":["events.amazonaws.com"]}: ${send}`,
            `{"Service":["budgets.amazonaws.com"]}: ${send} if aws:SourceAccount is 123456789012 and aws:SourceArn is arn:aws:budgets::123456789012:budget/firstlight-dev-*`,
        ]);
    });

    it("open one bucket, to the delivery of our own buckets' access logs, each into its folder", () => {
        const allowed = resources.ofType("aws:s3/bucketPolicy:BucketPolicy").flatMap(({ name, inputs }) => (
            statementsOf(inputs["policy"]).filter(({ Effect }) => Effect === "Allow").map((statement) => `${name}: ${describePermission(statement)}`)));
        expect(allowed).to.have.members(["raw", "processed", "models"].map((part) => (
            `logs-policy: s3:PutObject on logs/s3/${part}/* if aws:SourceAccount is 123456789012 `
            + `and aws:SourceArn is arn:aws:s3:::firstlight-dev-${part}-123456789012-eu-central-1-a1b2c3`)));
    });
});

/** Of a stack whose training is private, beside what every stack has. */
const PRIVATE_PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
    "flow-logs": [
        "logs:CreateLogStream, logs:PutLogEvents, logs:DescribeLogStreams on /aws/vendedlogs/vpc/firstlight-dev-flow-logs:*",
        "logs:DescribeLogGroups on *",
    ],
    "training": [
        ...PERMISSIONS["training"] ?? [],
        `ec2:CreateNetworkInterface on network-interface/*, ${SUBNETS}, security-group/id-of-compute-security-group`,
        `ec2:CreateNetworkInterfacePermission, ec2:DeleteNetworkInterface on network-interface/* if ec2:Subnet is ${
            SUBNETS.split(", ").map((subnet) => `arn:aws:ec2:eu-central-1:123456789012:${subnet}`).join()}`,
        "ec2:DeleteNetworkInterfacePermission, ec2:DescribeNetworkInterfaces, ec2:DescribeVpcs, ec2:DescribeDhcpOptions, "
        + "ec2:DescribeSubnets, ec2:DescribeSecurityGroups on *",
    ],
};

describe("the permissions of a program with private training", function () {
    this.timeout(30_000);
    let resources: RecordedProgram;

    before(async () => {
        resources = (await runProgram(declarePlatform, { parameters: SWITCHED_ON, config: { "firstlight:training": '{"private":true}' } })).resources;
    });

    it("are those of every program, with what jobs and flow logs need inside the network", () => {
        const expected = { ...PERMISSIONS, ...PRIVATE_PERMISSIONS };
        const policies = resources.ofType("aws:iam/rolePolicy:RolePolicy");
        expect(policies.map(({ name }) => name)).to.have.members(Object.keys(expected).map((name) => `${name}-policy`));
        for (const { name, inputs } of policies) {
            expect(statementsOf(inputs["policy"]).map(describePermission), name).to.have.members([...expected[name.replace(/-policy$/, "")] ?? []]);
        }
    });

    it("let flow logs alone take their role, for our account's", () => {
        expect(statementsOf(resources.named("flow-logs-role").inputs["assumeRolePolicy"]).map(describeTrust)).to.deep.equal([
            "vpc-flow-logs if aws:SourceAccount is 123456789012 and aws:SourceArn is arn:aws:ec2:eu-central-1:123456789012:vpc-flow-log/*",
        ]);
    });
});

function describePermission(statement: PolicyStatement): string {
    expect(statement.Effect).to.equal("Allow");
    return `${statement.Action.join(", ")} on ${(statement.Resource ?? []).map(shorten).join(", ")}${describeConditions(statement)}`;
}

function describeTrust(statement: PolicyStatement): string {
    expect(statement).to.deep.include({ Effect: "Allow", Action: ["sts:AssumeRole"] });
    const { Service } = statement.Principal as { Service: readonly string[] };
    return `${Service.join(", ").replace(/\.amazonaws\.com$/, "")}${describeConditions(statement)}`;
}

function describeConditions({ Condition = {} }: PolicyStatement): string {
    const conditions = Object.values(Condition).flatMap((keys) => Object.entries(keys).map(([key, value]) => `${key} is ${String(value)}`));
    return conditions.length === 0 ? "" : ` if ${conditions.join(" and ")}`;
}

/** What stands at the end of an ARN, as the program's own names where they are not random. */
function shorten(arn: string): string {
    return arn.replace(/^arn:aws:[^:]*:[^:]*:[^:]*:/, "")
        .replace(/^firstlight-dev-(raw|processed|models|logs)-123456789012-eu-central-1-a1b2c3/, "$1")
        .replace(/^key\/id-of-/, "")
        .replace(/^(table|role|rule|repository|endpoint|stream)\//, "")
        .replace(/^(function|log-group|stateMachine):/, "")
        .replace(/^parameter\//, "/");
}
