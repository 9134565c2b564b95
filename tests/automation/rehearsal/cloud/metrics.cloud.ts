import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand, type GetMetricStatisticsCommandInput } from "@aws-sdk/client-cloudwatch";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { allow, startTestCloud, type TestCloud } from "./testCloud.ts";

/** As the metrics library of Powertools writes them, on a console of its own. */
const CODE = `
import { Console } from "node:console";
const own = new Console({ stdout: process.stdout, stderr: process.stderr });
const line = (dimensions, values) => own.log(JSON.stringify({
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: "example", Dimensions: [dimensions], Metrics: Object.keys(values).map((Name) => ({ Name, Unit: "Count" })) }] },
    Variant: "champion", ...values,
}));
export const handler = async (event) => {
    line(["Variant"], { Predictions: 3, Fallbacks: [1, 2] });
    line([], { BadRecords: 5 });
    line(["Absent"], { Lost: 1 });
    console.log("a line that only mentions \\"_aws\\"");
    if (event.fails) throw new Error("failed");
};`;

describe("metrics", () => {
    let test: TestCloud;
    let cloudwatch: CloudWatchClient;
    before(async () => {
        test = await startTestCloud();
        cloudwatch = new CloudWatchClient(test.settings);
    });
    after(() => test.stop());

    async function sumOf(Namespace: string, MetricName: string, dimensions: Readonly<Record<string, string>>): Promise<number | undefined> {
        const input: GetMetricStatisticsCommandInput = {
            Namespace, MetricName, Statistics: ["Sum"], Period: 3600, StartTime: new Date(Date.now() - 3_600_000), EndTime: new Date(Date.now() + 60_000),
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        };
        const { Datapoints = [] } = await cloudwatch.send(new GetMetricStatisticsCommand(input));
        return Datapoints.length === 0 ? undefined : Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
    }

    it("are what functions write into their logs in the embedded format", async () => {
        await test.createFunction("measured", await test.role("measured", "lambda.amazonaws.com", allow(["logs:CreateLogStream", "logs:PutLogEvents"])), CODE);
        for (let call = 0; call < 2; call++) await test.lambda.send(new InvokeCommand({ FunctionName: "measured", Payload: "{}" }));
        expect(await sumOf("example", "Predictions", { Variant: "champion" })).to.equal(6);
        expect(await sumOf("example", "Fallbacks", { Variant: "champion" })).to.equal(6);
        expect(await sumOf("example", "BadRecords", {})).to.equal(10);
        const { Metrics = [] } = await cloudwatch.send(new ListMetricsCommand({ Namespace: "example" }));
        expect(Metrics.map(({ MetricName }) => MetricName)).to.have.members(["Predictions", "Fallbacks", "BadRecords"]);
    });

    it("are not made by a function that may not write its log", async () => {
        const silent = CODE.replace("Namespace: \"example\"", "Namespace: \"silent\"");
        await test.createFunction("silent", await test.role("silent", "lambda.amazonaws.com"), silent);
        await test.lambda.send(new InvokeCommand({ FunctionName: "silent", Payload: "{}" }));
        expect(await sumOf("silent", "Predictions", { Variant: "champion" })).to.equal(undefined);
        expect(await sumOf("example", "Predictions", { Variant: "champion" })).to.equal(6);
    });

    it("say how many messages wait in a queue", async () => {
        const sqs = new SQSClient(test.settings);
        const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "waiting" }));
        for (const MessageBody of ["a", "b"]) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        expect(Messages).to.have.length(2);
        // After each of the three calls: 1, 2, and none, for both are in somebody's hands.
        expect(await sumOf("AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: "waiting" })).to.equal(3);
        expect(await sumOf("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", { QueueName: "waiting" })).to.equal(2);
    });

    it("count the invocations and the errors of a function", async () => {
        await test.lambda.send(new InvokeCommand({ FunctionName: "measured", Payload: JSON.stringify({ fails: true }) }));
        expect(await sumOf("AWS/Lambda", "Invocations", { FunctionName: "measured" })).to.equal(3);
        expect(await sumOf("AWS/Lambda", "Errors", { FunctionName: "measured" })).to.equal(1);
    });
});
