import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { FileReference, type PropertyMap } from "../../../../automation/engine/provider.ts";
import { startHandlerCloud, type HandlerCloud } from "./handlerCloud.ts";
import { begin, type Life } from "./life.ts";

const READ = ["kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"];

describe("streaming handlers", () => {
    let cloud: HandlerCloud;
    let key: Life;
    before(async () => {
        cloud = await startHandlerCloud();
        key = await begin(cloud.provider, "aws:kms/key:Key", { description: "stream" });
    });
    after(() => cloud.stop());

    it("leads a stream through its life", async () => {
        const inputs: PropertyMap = {
            name: "example-records", shardCount: 2, retentionPeriod: 48, streamModeDetails: { streamMode: "PROVISIONED" }, tags: { A: "1" },
        };
        const life = await begin(cloud.provider, "aws:kinesis/stream:Stream", { ...inputs, encryptionType: "KMS", kmsKeyId: key.state.id });
        expect(life.state.id).to.equal(`arn:aws:kinesis:${cloud.region}:${cloud.accountId}:stream/example-records`);
        expect(await cloud.cloud.inventory()).to.include(life.state.id);
        await life.update({ ...inputs, shardCount: 3, retentionPeriod: 24, encryptionType: "NONE", tags: { B: "2" } });
        await life.update({ name: "example-records", streamModeDetails: { streamMode: "ON_DEMAND" } });
        await life.end();
    });

    it("makes a stream on demand", async () => {
        const life = await begin(cloud.provider, "aws:kinesis/stream:Stream", { name: "example-demand", streamModeDetails: { streamMode: "ON_DEMAND" } });
        expect(life.state.outputs).not.to.have.property("shardCount");
        await life.end();
    });

    it("leads a queue through its life", async () => {
        const inputs: PropertyMap = {
            name: "example-dead-letters", messageRetentionSeconds: 1_209_600, visibilityTimeoutSeconds: 60, kmsMasterKeyId: key.state.id,
            kmsDataKeyReusePeriodSeconds: 300, tags: { A: "1" },
        };
        const life = await begin(cloud.provider, "aws:sqs/queue:Queue", inputs);
        expect(life.state.outputs["url"]).to.equal(life.state.id);
        expect(await cloud.cloud.inventory()).to.include(life.state.outputs["arn"]);
        const arn = `arn:aws:sqs:${cloud.region}:${cloud.accountId}:example-dead-letters`;
        const policy = JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: arn, Condition: { Bool: { "aws:SecureTransport": "false" } } }],
        });
        await life.update({ ...inputs, messageRetentionSeconds: 86_400, visibilityTimeoutSeconds: 30, policy, tags: { B: "2" } });
        await life.end();
    });

    it("leads an event source mapping through its life, with the stream, the function and the role that it needs", async () => {
        const folder = await mkdtemp(path.join(tmpdir(), "handlers-"));
        const file = path.join(folder, "code.zip");
        await writeFile(file, zipSync({ "index.js": strToU8("exports.handler = async () => ({ batchItemFailures: [] });") }));
        const trust = JSON.stringify({
            Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
        });
        const role = await begin(cloud.provider, "aws:iam/role:Role", { name: "example-consumer", assumeRolePolicy: trust });
        const stream = await begin(cloud.provider, "aws:kinesis/stream:Stream", { name: "example-source", shardCount: 1 });
        const functionInputs: PropertyMap = { role: role.state.outputs["arn"]!, runtime: "nodejs24.x", handler: "index.handler", code: new FileReference("archive", file, "0") };
        const worker = await begin(cloud.provider, "aws:lambda/function:Function", { ...functionInputs, name: "example-consumer" });
        const bucket = await begin(cloud.provider, "aws:s3/bucket:Bucket", { bucket: "example-given-up" });
        const inputs: PropertyMap = {
            eventSourceArn: stream.state.id, functionName: worker.state.outputs["arn"]!, startingPosition: "TRIM_HORIZON", batchSize: 500,
            maximumBatchingWindowInSeconds: 1, maximumRetryAttempts: 5, maximumRecordAgeInSeconds: 3600, bisectBatchOnFunctionError: true,
            parallelizationFactor: 1, functionResponseTypes: ["ReportBatchItemFailures"], tags: { A: "1" },
            destinationConfig: { onFailure: { destinationArn: bucket.state.outputs["arn"]! } },
        };
        const type = "aws:lambda/eventSourceMapping:EventSourceMapping";
        const refused = await begin(cloud.provider, type, inputs).then(() => undefined, (error: unknown) => error);
        expect(refused).to.be.instanceOf(Error).with.property("message").that.contains("Please ensure the role can perform");

        const policy = await begin(cloud.provider, "aws:iam/rolePolicy:RolePolicy", {
            name: "read", role: role.state.id,
            policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: READ, Resource: stream.state.id }] }),
        });
        const mapping = await begin(cloud.provider, type, inputs);
        expect(mapping.state.outputs["state"]).to.equal("Enabled");
        await mapping.update({ ...inputs, batchSize: 100, maximumRetryAttempts: 2, enabled: false, tags: { B: "2" } });
        await mapping.update({ eventSourceArn: stream.state.id, functionName: "example-consumer", startingPosition: "TRIM_HORIZON" });
        expect((await mapping.handler.read({ urn: "urn", id: mapping.state.id, inputs: {}, outputs: {} }))?.inputs).not.to.have.property("destinationConfig");
        for (const life of [mapping, worker, policy, role, stream, bucket]) await life.end();
        await rm(folder, { recursive: true });
    });

    it("leads the access log of a bucket through its life", async () => {
        const bucket = await begin(cloud.provider, "aws:s3/bucket:Bucket", { bucket: "example-watched" });
        const inputs: PropertyMap = { bucket: "example-watched", targetBucket: "example-logs", targetPrefix: "s3/raw/" };
        const logs = await begin(cloud.provider, "aws:s3/bucket:Bucket", { bucket: "example-logs" });
        const policy = await begin(cloud.provider, "aws:s3/bucketPolicy:BucketPolicy", {
            bucket: "example-logs",
            policy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [{ Effect: "Allow", Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:PutObject", Resource: "arn:aws:s3:::example-logs/s3/*" }],
            }),
        });
        const life = await begin(cloud.provider, "aws:s3/bucketLogging:BucketLogging", inputs);
        await life.update({ ...inputs, targetPrefix: "s3/other/", targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } } });
        for (const ended of [life, policy, logs, bucket]) await ended.end();
    });

    it("leads the settings of a store for logs and data through their lives", async () => {
        const bucket = await begin(cloud.provider, "aws:s3/bucket:Bucket", { bucket: "example-store" });
        const managed = { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
        const encryption = await begin(cloud.provider, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
            bucket: "example-store", rules: [managed],
        });
        const moves = [{ days: 30, storageClass: "STANDARD_IA" }, { days: 90, storageClass: "GLACIER" }];
        const rule = (id: string, prefix: string): PropertyMap => ({ id, status: "Enabled", filter: { prefix }, expiration: { days: 365 }, transitions: moves });
        const lifecycle = await begin(cloud.provider, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
            bucket: "example-store", rules: [rule("runs", "runs/"), rule("predictions", "predictions/")],
        });
        await lifecycle.update({ bucket: "example-store", rules: [rule("predictions", "predictions/")] });
        await lifecycle.end();
        expect((await encryption.remove())?.inputs["rules"]).to.have.length(1);
        await bucket.end();
    });

    it("leads an authorizer and a route that it guards through their lives", async () => {
        const api = await begin(cloud.provider, "aws:apigatewayv2/api:Api", { name: "example-guarded", protocolType: "HTTP" });
        const apiId = api.state.id;
        const inputs: PropertyMap = {
            apiId, name: "tokens", authorizerType: "JWT", identitySources: ["$request.header.Authorization"],
            jwtConfiguration: { issuer: "https://issuer.example.org", audiences: ["one", "two"] },
        };
        const authorizer = await begin(cloud.provider, "aws:apigatewayv2/authorizer:Authorizer", inputs);
        await authorizer.update({ ...inputs, name: "other", jwtConfiguration: { issuer: "https://other.example.org", audiences: ["three"] } });
        const guarded: PropertyMap = { apiId, routeKey: "PUT /ab-tests/{id}", authorizationType: "JWT", authorizerId: authorizer.state.id, authorizationScopes: ["write"] };
        const route = await begin(cloud.provider, "aws:apigatewayv2/route:Route", guarded);
        await route.update({ ...guarded, authorizationScopes: ["admin", "write"] });
        for (const life of [route, authorizer, api]) await life.end();
    });

    it("leads a rule by schedule, and a target that rewrites what a topic gets, through their lives", async () => {
        const topic = await begin(cloud.provider, "aws:sns/topic:Topic", { name: "example-changes" });
        const scheduled: PropertyMap = { name: "example-weekly", scheduleExpression: "rate(7 days)" };
        const rule = await begin(cloud.provider, "aws:cloudwatch/eventRule:EventRule", scheduled);
        await rule.update({ ...scheduled, scheduleExpression: "rate(1 day)" });
        const target = await begin(cloud.provider, "aws:cloudwatch/eventTarget:EventTarget", {
            rule: rule.state.id, arn: topic.state.id, targetId: "alerts",
            inputTransformer: { inputPaths: { status: "$.detail.status" }, inputTemplate: "\"It is <status> now.\"" },
        });
        await target.update({ rule: rule.state.id, arn: topic.state.id, targetId: "alerts", input: "{\"source\":\"schedule\"}" });
        for (const life of [target, rule, topic]) await life.end();
    });
});
