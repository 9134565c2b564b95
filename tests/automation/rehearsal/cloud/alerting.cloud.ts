import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateKeyCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { CreateTopicCommand, ListSubscriptionsByTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { EncryptionKeys } from "../../../../components/data/encryptionKeys.ts";
import { AlertTopic } from "../../../../components/observability/alertTopic.ts";
import { runProgram, TEST_ACCOUNT } from "../../../support/mocks.ts";
import { testContext } from "../../../support/programContexts.ts";
import { ACCOUNT, REGION, startTestCloud, type TestCloud } from "./testCloud.ts";

const OWNER = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" };
const FROM_OURS = { StringEquals: { "aws:SourceAccount": ACCOUNT }, ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:ours-*` } };
const FROM_RULE = { ArnLike: { "aws:SourceArn": `arn:aws:events:${REGION}:${ACCOUNT}:rule/*` } };

const letSend = (service: string, Condition?: object) => ({ Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: "sns:Publish", Resource: "*", Condition });
const letUse = (service: string, Condition?: object) => ({ Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*", Condition });
const ofThisCloud = (text: string): string => text.replaceAll(TEST_ACCOUNT, ACCOUNT);
const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

describe("sending to an encrypted topic", () => {
    let test: TestCloud;
    let sns: SNSClient;
    let sqs: SQSClient;
    let cloudwatch: CloudWatchClient;
    let events: EventBridgeClient;
    let keyId: string;
    let topicArn: string;
    let queueUrl: string;
    before(async () => {
        test = await startTestCloud();
        [sns, sqs, cloudwatch, events] = [new SNSClient(test.settings), new SQSClient(test.settings), new CloudWatchClient(test.settings), new EventBridgeClient(test.settings)];
        keyId = (await test.kms.send(new CreateKeyCommand({ Policy: policy(OWNER) }))).KeyMetadata!.Arn!;
        topicArn = (await sns.send(new CreateTopicCommand({ Name: "alerts", Attributes: { KmsMasterKeyId: keyId } }))).TopicArn!;
        const Policy = policy({ Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource: "*", Condition: { ArnEquals: { "aws:SourceArn": topicArn } } });
        queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: "listener", Attributes: { Policy } }))).QueueUrl!;
        await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint: `arn:aws:sqs:${REGION}:${ACCOUNT}:listener` }));
        const metric = { Namespace: "AWS/Lambda", MetricName: "Errors", Statistic: "Sum", ComparisonOperator: "GreaterThanThreshold", Threshold: 1, Period: 300, EvaluationPeriods: 1 } as const;
        for (const AlarmName of ["ours-errors", "theirs-errors", "firstlight-dev-errors"]) await cloudwatch.send(new PutMetricAlarmCommand({ ...metric, AlarmName, AlarmActions: [topicArn] }));
        await events.send(new PutRuleCommand({ Name: "changes", EventPattern: JSON.stringify({ source: ["mine"] }) }));
        const InputTransformer = { InputPathsMap: { name: "$.detail.name" }, InputTemplate: '"The endpoint <name> failed."' };
        await events.send(new PutTargetsCommand({ Rule: "changes", Targets: [{ Id: "alerts", Arn: topicArn, InputTransformer }] }));
    });
    after(async () => {
        for (const client of [sns, sqs, cloudwatch, events]) client.destroy();
        await test.stop();
    });

    /** What the listener got; both senders deliver before they answer. */
    async function heard(): Promise<readonly string[]> {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }));
        return Messages.map(({ Body = "" }) => (JSON.parse(Body) as { Message: string }).Message);
    }

    async function goOff(AlarmName: string): Promise<readonly string[]> {
        await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: "OK", StateReason: "before" }));
        await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "on purpose" }));
        return (await heard()).map((message) => (JSON.parse(message) as { AlarmName: string }).AlarmName);
    }

    async function happen(): Promise<readonly string[]> {
        await events.send(new PutEventsCommand({ Entries: [{ Source: "mine", DetailType: "change", Detail: JSON.stringify({ name: "a" }) }] }));
        return heard();
    }

    async function permit(given: { readonly topic: readonly object[]; readonly key: readonly object[] }): Promise<void> {
        await sns.send(new SetTopicAttributesCommand({ TopicArn: topicArn, AttributeName: "Policy", AttributeValue: policy(...given.topic) }));
        await test.kms.send(new PutKeyPolicyCommand({ KeyId: keyId, PolicyName: "default", Policy: policy(OWNER, ...given.key) }));
    }

    it("brings an alarm to a subscribed queue when topic and key let CloudWatch send it", async () => {
        await permit({ topic: [letSend("cloudwatch", FROM_OURS)], key: [letUse("cloudwatch", FROM_OURS)] });
        expect(await goOff("ours-errors")).to.deep.equal(["ours-errors"]);
    });

    it("loses an alarm without a sign when the key's policy does not name CloudWatch", async () => {
        await permit({ topic: [letSend("cloudwatch", FROM_OURS)], key: [letUse("events")] });
        expect(await goOff("ours-errors")).to.deep.equal([]);
    });

    it("loses an alarm when the topic's policy does not name CloudWatch, or names other alarms", async () => {
        await permit({ topic: [letSend("events")], key: [letUse("cloudwatch")] });
        expect(await goOff("ours-errors")).to.deep.equal([]);
        await permit({ topic: [letSend("cloudwatch", FROM_OURS)], key: [letUse("cloudwatch")] });
        expect(await goOff("theirs-errors")).to.deep.equal([]);
        expect(await goOff("ours-errors"), "the same policies let ours").to.deep.equal(["ours-errors"]);
    });

    it("brings a rule's text when topic and key let EventBridge send it", async () => {
        await permit({ topic: [letSend("events")], key: [letUse("events")] });
        expect(await happen()).to.deep.equal(['"The endpoint a failed."']);
    });

    it("loses a rule's text when topic or key name EventBridge not at all, or on a condition that it never fulfils", async () => {
        await permit({ topic: [letSend("cloudwatch")], key: [letUse("events")] });
        expect(await happen(), "topic").to.deep.equal([]);
        await permit({ topic: [letSend("events", FROM_RULE)], key: [letUse("events")] });
        expect(await happen(), "topic on condition").to.deep.equal([]);
        await permit({ topic: [letSend("events")], key: [letUse("cloudwatch")] });
        expect(await happen(), "key").to.deep.equal([]);
        await permit({ topic: [letSend("events")], key: [letUse("events", FROM_RULE)] });
        expect(await happen(), "key on condition").to.deep.equal([]);
    });

    it("works with the program's own policies, for its own alarms and for rules", async () => {
        const { resources } = await runProgram(() => {
            const context = testContext();
            const { lambdaKeyArn } = new EncryptionKeys("keys", { context });
            new AlertTopic("alerts", { context, alerts: { emails: [], urls: [] }, kmsKeyArn: lambdaKeyArn });
        });
        const statements = (name: string): readonly object[] => (JSON.parse(ofThisCloud(resources.named(name).inputs["policy"])) as { Statement: readonly object[] }).Statement;
        const key = statements("lambda-key");
        await permit({ topic: statements("alerts-topic-policy").map((statement) => ({ ...statement, Resource: topicArn })), key });
        expect(await goOff("firstlight-dev-errors")).to.deep.equal(["firstlight-dev-errors"]);
        expect(await goOff("theirs-errors")).to.deep.equal([]);
        expect(await happen()).to.deep.equal(['"The endpoint a failed."']);
        await permit({ topic: [letSend("cloudwatch"), letSend("events")], key: key.filter((statement) => !JSON.stringify(statement).includes("cloudwatch.amazonaws.com")) });
        expect(await goOff("firstlight-dev-errors"), "without the key's statement on CloudWatch").to.deep.equal([]);
    });

    it("waits until an address has confirmed, and says of which it has not", async () => {
        const subscribe = async (Protocol: string, Endpoint: string, ReturnSubscriptionArn: boolean) => (
            (await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol, Endpoint, ReturnSubscriptionArn }))).SubscriptionArn
        );
        expect(await subscribe("email", "a@example.com", false)).to.equal("pending confirmation");
        expect(await subscribe("email", "b@example.com", true)).to.match(/^arn:aws:sns:.*:alerts:/);
        expect(await subscribe("https", "https://example.com/hook", true)).to.match(/^arn:aws:sns:.*:alerts:/);
        const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
        expect(Subscriptions.map(({ Protocol, SubscriptionArn }) => [Protocol, SubscriptionArn === "PendingConfirmation"])).to.deep.equal([
            ["sqs", false], ["email", true], ["email", true], ["https", true],
        ]);
    });
});
