import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
    CreateStreamCommand, GetRecordsCommand, GetShardIteratorCommand, KinesisClient, PutRecordCommand, StartStreamEncryptionCommand,
} from "@aws-sdk/client-kinesis";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import {
    CreateBucketCommand, CreateMultipartUploadCommand, GetObjectCommand, HeadObjectCommand, PutBucketEncryptionCommand, PutObjectCommand, S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { ACCOUNT, allow, refusalOf, REGION, startTestCloud, type TestCloud } from "./testCloud.ts";

const OWNER = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" };
const through = (service: string, ...actions: string[]) => (key: string) =>
    allow(actions, key, { StringEquals: { "kms:ViaService": `${service}.${REGION}.amazonaws.com` } });

describe("a customer key", () => {
    let test: TestCloud;
    let key: string;
    before(async () => {
        test = await startTestCloud();
        key = await createKey(OWNER);
    });
    after(() => test.stop());

    async function createKey(...statements: readonly object[]): Promise<string> {
        const answer = await test.kms.send(new CreateKeyCommand({
            // One of them locks its own maker out, which KMS refuses otherwise.
            BypassPolicyLockoutSafetyCheck: true, Policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
        }));
        return answer.KeyMetadata!.Arn!;
    }

    describe("of a bucket", () => {
        const object = { Bucket: "secret", Key: "data.csv" };
        before(async () => {
            const root = new S3Client(test.settings);
            await root.send(new CreateBucketCommand({ Bucket: "secret" }));
            const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: key }, BucketKeyEnabled: true };
            await root.send(new PutBucketEncryptionCommand({ Bucket: "secret", ServerSideEncryptionConfiguration: { Rules: [rule] } }));
            await root.send(new PutObjectCommand({ ...object, Body: "a,b" }));
        });

        it("is needed to read an object, through S3 alone", async () => {
            const s3 = new S3Client(await test.as(await test.role("reader", undefined, allow("s3:*"))));
            const read = () => s3.send(new GetObjectCommand(object));
            const error = await refusalOf(read());
            expect(error.name).to.equal("AccessDenied");
            expect(error.message).to.contain(`is not authorized to perform: kms:Decrypt on resource: ${key}`);
            await test.permit("reader", allow("s3:*"), through("dynamodb", "kms:Decrypt")(key));
            expect((await refusalOf(read())).name).to.equal("AccessDenied");
            await test.permit("reader", allow("s3:*"), through("s3", "kms:Decrypt")(key));
            expect(await (await read()).Body!.transformToString()).to.equal("a,b");
        });

        it("is needed to write an object, but not to see that it exists", async () => {
            const s3 = new S3Client(await test.as(await test.role("writer", undefined, allow("s3:*"))));
            const write = () => s3.send(new PutObjectCommand({ Bucket: "secret", Key: "new.csv", Body: "c" }));
            expect((await refusalOf(write())).message).to.contain("kms:GenerateDataKey");
            await s3.send(new HeadObjectCommand(object));
            await test.permit("writer", allow("s3:*"), through("s3", "kms:GenerateDataKey*")(key));
            await write();
            const upload = refusalOf(s3.send(new CreateMultipartUploadCommand({ Bucket: "secret", Key: "big.csv" })));
            expect((await upload).message).to.contain("kms:Decrypt");
        });

        it("counts as used", async () => {
            expect((await test.cloud.usage()).some(({ action, resource, allowed }) => action === "kms:Decrypt" && resource === key && allowed)).to.equal(true);
        });
    });

    it("may be given by the key's policy instead of the role's", async () => {
        const role = await test.role("named", undefined, allow("s3:*"));
        const own = await createKey(OWNER, { Effect: "Allow", Principal: { AWS: role }, Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: "*" });
        const s3 = new S3Client(await test.as(role));
        await s3.send(new CreateBucketCommand({ Bucket: "named" }));
        await s3.send(new PutObjectCommand({ Bucket: "named", Key: "a", Body: "a", ServerSideEncryption: "aws:kms", SSEKMSKeyId: own }));
    });

    it("whose policy names nobody of the account is of no use to a role, whatever its own policies say", async () => {
        const closed = await createKey({ ...OWNER, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/nobody` } });
        const s3 = new S3Client(await test.as(await test.role("closed", undefined, allow("s3:*"), allow("kms:*"))));
        await s3.send(new CreateBucketCommand({ Bucket: "closed" }));
        const error = await refusalOf(s3.send(new PutObjectCommand({ Bucket: "closed", Key: "a", Body: "a", ServerSideEncryption: "aws:kms", SSEKMSKeyId: closed })));
        expect(error.name).to.equal("AccessDenied");
    });

    it("of a table is needed to read an item", async () => {
        await new DynamoDBClient(test.settings).send(new CreateTableCommand({
            TableName: "secret", BillingMode: "PAY_PER_REQUEST", KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
            AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }], SSESpecification: { Enabled: true, SSEType: "KMS", KMSMasterKeyId: key },
        }));
        const client = new DynamoDBClient(await test.as(await test.role("items", undefined, allow("dynamodb:*"))));
        const get = () => client.send(new GetItemCommand({ TableName: "secret", Key: { Id: { S: "1" } } }));
        const error = await refusalOf(get());
        expect(error.name).to.equal("AccessDeniedException");
        expect(error.message).to.contain("KMS key access denied error").and.to.contain("kms:Decrypt");
        await test.permit("items", allow("dynamodb:*"), through("dynamodb", "kms:Decrypt")(key));
        expect((await get()).Item).to.equal(undefined);
    });

    it("of a topic is needed to publish", async () => {
        const { TopicArn } = await new SNSClient(test.settings).send(new CreateTopicCommand({ Name: "secret", Attributes: { KmsMasterKeyId: key } }));
        const sns = new SNSClient(await test.as(await test.role("publisher", undefined, allow("sns:Publish"), through("sns", "kms:GenerateDataKey*")(key))));
        const publish = () => sns.send(new PublishCommand({ TopicArn, Message: "a" }));
        expect((await refusalOf(publish())).message).to.contain("kms:Decrypt");
        await test.permit("publisher", allow("sns:Publish"), through("sns", "kms:GenerateDataKey*", "kms:Decrypt")(key));
        expect((await publish()).MessageId).to.be.a("string");
    });

    it("of a stream is needed to write a record and to read one, each its own way", async () => {
        const root = new KinesisClient(test.settings);
        const StreamName = "secret";
        await root.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
        await root.send(new StartStreamEncryptionCommand({ StreamName, EncryptionType: "KMS", KeyId: key }));
        const kinesis = new KinesisClient(await test.as(await test.role("streamer", undefined, allow("kinesis:*"))));
        const put = () => kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from("a"), PartitionKey: "a" }));
        const error = await refusalOf(put());
        expect(error.name).to.equal("KMSAccessDeniedException");
        expect(error.message).to.contain("kms:GenerateDataKey");
        await test.permit("streamer", allow("kinesis:*"), through("kinesis", "kms:GenerateDataKey")(key));
        await put();
        const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand({ StreamName, ShardId: "shardId-000000000000", ShardIteratorType: "TRIM_HORIZON" }));
        const read = () => kinesis.send(new GetRecordsCommand({ ShardIterator }));
        expect((await refusalOf(read())).message).to.contain("kms:Decrypt");
        await test.permit("streamer", allow("kinesis:*"), through("kinesis", "kms:Decrypt")(key));
        expect((await read()).Records).to.have.length(1);
    });

    it("of a queue is needed to send and to receive", async () => {
        const { QueueUrl } = await new SQSClient(test.settings).send(new CreateQueueCommand({ QueueName: "secret", Attributes: { KmsMasterKeyId: key } }));
        const sqs = new SQSClient(await test.as(await test.role("sender", undefined, allow("sqs:*"), through("sqs", "kms:GenerateDataKey")(key))));
        const send = () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
        const error = await refusalOf(send());
        expect(error.name).to.equal("KmsAccessDenied");
        expect(error.message).to.contain("kms:Decrypt");
        const receive = () => sqs.send(new ReceiveMessageCommand({ QueueUrl }));
        await refusalOf(receive());
        await test.permit("sender", allow("sqs:*"), through("sqs", "kms:GenerateDataKey", "kms:Decrypt")(key));
        await send();
        expect((await receive()).Messages).to.have.length(1);
    });

    it("of a log group must let the logs service use it for that group", async () => {
        const group = (name: string) => test.logs.send(new CreateLogGroupCommand({ logGroupName: name, kmsKeyId: logsKey }));
        const pattern = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/mine/*`;
        const logsKey = await createKey(OWNER, {
            Effect: "Allow", Principal: { Service: `logs.${REGION}.amazonaws.com` }, Resource: "*",
            Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": pattern } },
        });
        await group("/mine/one");
        expect((await refusalOf(group("/other/one"))).message).to.contain("does not exist or is not allowed to be used");
        await refusalOf(test.logs.send(new CreateLogGroupCommand({ logGroupName: "/mine/two", kmsKeyId: key })));
    });
});
