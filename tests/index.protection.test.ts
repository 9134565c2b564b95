/** What protects data and access, over the whole program: nothing is left out because somebody forgot one of several. */
import { expect } from "chai";
import declarePlatform from "../index.ts";
import type { LifecycleRule } from "../components/data/lifecycle.ts";
import { runProgram } from "./support/mocks.ts";
import type { RecordedProgram, RecordedResource } from "./support/mocks.ts";
import { SWITCHED_ON } from "./support/programContexts.ts";

const keyArn = (part: string): string => `arn:aws:kms:eu-central-1:123456789012:key/id-of-${part}-key`;

describe("the program's protection", function () {
    this.timeout(30_000);
    let resources: RecordedProgram;

    before(async () => {
        resources = (await runProgram(declarePlatform, { parameters: SWITCHED_ON })).resources;
    });

    /** All of a type; how many there must be is said, so that a missing one is seen. */
    function all(type: string, count: number): readonly RecordedResource[] {
        const found = resources.ofType(type);
        expect(found, type).to.have.length(count);
        return found;
    }

    it("encrypts every bucket with the key for buckets, but the one that log delivery writes into with S3's own", () => {
        for (const { name, inputs } of all("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", 4)) {
            expect(inputs["rules"], name).to.deep.equal(name === "logs-encryption" ? [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] : [
                { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn("s3") }, bucketKeyEnabled: true },
            ]);
        }
    });

    it("has the access to every bucket logged, but to the one with the logs", () => {
        const loggings = all("aws:s3/bucketLogging:BucketLogging", 3);
        expect(loggings.map(({ inputs }) => inputs["targetPrefix"])).to.have.members(["s3/raw/", "s3/processed/", "s3/models/"]);
        const logged = loggings.map(({ inputs }) => inputs["bucket"]);
        const buckets = all("aws:s3/bucket:Bucket", 4).filter(({ name }) => name !== "logs-bucket").map(({ inputs }) => inputs["bucket"]);
        expect(logged).to.have.members(buckets);
    });

    it("closes every bucket to the public, and keeps its old versions", () => {
        for (const { name, inputs } of all("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", 4)) {
            expect(inputs, name).to.include({ blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true });
        }
        for (const { name, inputs } of all("aws:s3/bucketOwnershipControls:BucketOwnershipControls", 4)) {
            expect(inputs["rule"], name).to.deep.equal({ objectOwnership: "BucketOwnerEnforced" });
        }
        for (const { name, inputs } of all("aws:s3/bucketVersioning:BucketVersioning", 4)) {
            expect(inputs["versioningConfiguration"], name).to.deep.equal({ status: "Enabled" });
        }
    });

    it("encrypts every table with the key for tables, and can bring back any second of it", () => {
        for (const { name, inputs } of all("aws:dynamodb/table:Table", 5)) {
            expect(inputs["serverSideEncryption"], name).to.deep.equal({ enabled: true, kmsKeyArn: keyArn("dynamodb") });
            expect(inputs["pointInTimeRecovery"], name).to.deep.equal({ enabled: true });
        }
    });

    it("encrypts logs, environments and alerts with the key for them", () => {
        for (const { name, inputs } of all("aws:cloudwatch/logGroup:LogGroup", 15)) expect(inputs["kmsKeyId"], name).to.equal(keyArn("lambda"));
        for (const { name, inputs } of all("aws:lambda/function:Function", 11)) expect(inputs["kmsKeyArn"], name).to.equal(keyArn("lambda"));
        for (const { name, inputs } of all("aws:sns/topic:Topic", 1)) expect(inputs["kmsMasterKeyId"], name).to.equal(keyArn("lambda"));
    });

    it("encrypts records and what could not be predicted on with the key for them", () => {
        for (const { name, inputs } of all("aws:kinesis/stream:Stream", 1)) {
            expect(inputs, name).to.include({ encryptionType: "KMS", kmsKeyId: keyArn("kinesis") });
        }
        for (const { name, inputs } of all("aws:sqs/queue:Queue", 1)) expect(inputs["kmsMasterKeyId"], name).to.equal(keyArn("kinesis"));
    });

    it("loses no record: what the consumer cannot do is given up after so many times, into the bucket", () => {
        for (const { name, inputs } of all("aws:lambda/eventSourceMapping:EventSourceMapping", 1)) {
            expect(inputs["maximumRetryAttempts"], name).to.be.at.least(0);
            expect(inputs["maximumRecordAgeInSeconds"], name).to.be.at.least(60);
            expect(inputs, name).to.deep.include({
                bisectBatchOnFunctionError: true, functionResponseTypes: ["ReportBatchItemFailures"], startingPosition: "TRIM_HORIZON", parallelizationFactor: 1,
                destinationConfig: { onFailure: { destinationArn: "arn:aws:s3:::firstlight-dev-processed-123456789012-eu-central-1-a1b2c3" } },
            });
        }
    });

    it("never lets a rule remove a model, and keeps what another rule of its bucket does not name", () => {
        const expiring = all("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", 4).flatMap(({ name, inputs }) => (
            (inputs["rules"] as readonly LifecycleRule[]).filter(({ expiration }) => expiration !== undefined && "days" in expiration)
                .map(({ filter }) => `${name} ${filter.prefix ?? "everything"}`)));
        expect(expiring).to.have.members([
            "raw-lifecycle data/", "processed-lifecycle runs/", "processed-lifecycle predictions/", "processed-lifecycle aws/lambda/", "logs-lifecycle everything",
        ]);
    });

    it("sends every alarm, and what goes wrong with endpoints and runs, to the topic; and says when it is over", () => {
        const topic = "arn:aws:sns:eu-central-1:123456789012:firstlight-dev-alerts";
        const alarms = resources.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
        expect(alarms).to.have.length.above(20);
        for (const { name, inputs } of alarms) {
            expect([inputs["alarmActions"], inputs["okActions"]], name).to.deep.equal([[topic], [topic]]);
            expect(inputs["actionsEnabled"], name).not.to.equal(false);
        }
        const told = all("aws:cloudwatch/eventTarget:EventTarget", 4).filter(({ inputs }) => inputs["arn"] === topic).map(({ inputs }) => inputs["rule"]);
        const watching = resources.ofType("aws:cloudwatch/eventRule:EventRule").filter(({ name }) => !name.startsWith("pipeline-")).map(({ inputs }) => inputs["name"]);
        expect(told).to.have.members(watching).and.to.have.length(2);
    });

    it("trains when data come and when the time has come, and hears of both", () => {
        const machine = "arn:aws:states:eu-central-1:123456789012:stateMachine:firstlight-dev-training";
        const targets = all("aws:cloudwatch/eventTarget:EventTarget", 4).filter(({ inputs }) => inputs["arn"] === machine).map(({ inputs }) => inputs["rule"]);
        expect(targets).to.have.members(["firstlight-dev-training-upload", "firstlight-dev-training-schedule"]);
        for (const { name, inputs } of resources.ofType("aws:cloudwatch/eventRule:EventRule")) {
            expect(Object.keys(inputs).filter((key) => ["eventPattern", "scheduleExpression"].includes(key)), name).to.have.length(1);
            expect(inputs["eventPattern"], name).not.to.equal("{}");
        }
        for (const { name, inputs } of all("aws:s3/bucketNotification:BucketNotification", 1)) expect(inputs, name).to.include({ eventbridge: true });
    });

    it("renews every key", () => {
        for (const { name, inputs } of all("aws:kms/key:Key", 5)) expect(inputs["enableKeyRotation"], name).to.equal(true);
    });

    it("logs every run of the pipeline, and encrypts what its jobs write and the disks they work on", () => {
        const { inputs } = resources.named("pipeline-state-machine");
        expect(inputs["loggingConfiguration"]).to.deep.include({ level: "ALL", includeExecutionData: true });
        const jobs = findTasks(JSON.parse(inputs["definition"] as string)).map(({ Arguments, Parameters }) => Arguments ?? Parameters ?? {});
        const trainings = jobs.filter((job) => "OutputDataConfig" in job);
        const transforms = jobs.filter((job) => "TransformOutput" in job);
        expect([trainings.length, transforms.length].every((count) => count > 0), "jobs were found").to.equal(true);
        for (const job of trainings) {
            expect(job["OutputDataConfig"]).to.include({ KmsKeyId: keyArn("s3") });
            expect(job["ResourceConfig"]).to.include({ VolumeKmsKeyId: keyArn("sagemaker") });
        }
        for (const job of transforms) {
            expect(job["TransformOutput"]).to.include({ KmsKeyId: keyArn("s3") });
            expect(job["TransformResources"]).to.include({ VolumeKmsKeyId: keyArn("sagemaker") });
        }
    });

    it("lets our API alone call its functions, by one open route, and logs who did", () => {
        for (const { name, inputs } of all("aws:lambda/permission:Permission", 6)) {
            expect(inputs["sourceArn"], name).to.match(/^arn:aws:execute-api:eu-central-1:123456789012:api\/\*\/(GET|POST|PUT)\/[a-z-]+(\/\{id\}(\/versions)?)?$/);
        }
        const open = all("aws:apigatewayv2/route:Route", 6).filter(({ inputs }) => inputs["authorizationType"] !== "AWS_IAM");
        expect(open.map(({ inputs }) => inputs["routeKey"])).to.deep.equal(["GET /health"]);
        for (const { name, inputs } of all("aws:apigatewayv2/stage:Stage", 1)) {
            expect(inputs["accessLogSettings"], name).to.have.property("destinationArn");
            expect(inputs["defaultRouteSettings"], name).to.have.property("throttlingRateLimit").that.is.above(0);
            const limited = (inputs["routeSettings"] as readonly Record<string, unknown>[]).filter((route) => Number(route["throttlingRateLimit"]) > 0);
            expect(limited.map(({ routeKey }) => routeKey), "throttled routes").to.have.members(resources.ofType("aws:apigatewayv2/route:Route").map((route) => route.inputs["routeKey"]));
        }
    });
});

describe("the protection of a program with private training", function () {
    this.timeout(30_000);
    let resources: RecordedProgram;

    before(async () => {
        resources = (await runProgram(declarePlatform, { parameters: SWITCHED_ON, config: { "firstlight:training": '{"private":true}' } })).resources;
    });

    it("logs all traffic of the network, encrypted as every other log", () => {
        for (const { name, inputs } of resources.ofType("aws:cloudwatch/logGroup:LogGroup")) expect(inputs["kmsKeyId"], name).to.equal(keyArn("lambda"));
        const logGroup = String(resources.named("flow-logs-group").inputs["name"]);
        expect(resources.named("flow-logs-log").inputs).to.include({ trafficType: "ALL", logDestination: `arn:aws:logs:eu-central-1:123456789012:log-group:${logGroup}` });
    });

    it("lets the compute group alone reach the interface endpoints", () => {
        const rules = resources.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
        expect(rules.map(({ inputs }) => [inputs["securityGroupId"], inputs["referencedSecurityGroupId"], inputs["fromPort"], inputs["toPort"]])).to.deep.equal([
            ["id-of-endpoints-security-group", "id-of-compute-security-group", 443, 443],
        ]);
    });
});

interface TaskState { readonly Arguments?: Readonly<Record<string, object>>; readonly Parameters?: Readonly<Record<string, object>> }

/** All states of a state machine, those inside Maps too, that call something. */
function findTasks(value: unknown): readonly TaskState[] {
    if (typeof value !== "object" || value === null) return [];
    const inner = Object.values(value).flatMap(findTasks);
    return "Type" in value && value.Type === "Task" ? [value as TaskState, ...inner] : inner;
}
