import { CreateLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { machineRunner, type MachineRunner } from "./stateMachineRuns.ts";
import { ACCOUNT, allow, REGION, startTestCloud, type TestCloud } from "./testCloud.ts";

const LOG_DELIVERY = ["CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries", "PutResourcePolicy",
    "DescribeResourcePolicies", "DescribeLogGroups"].map((action) => `logs:${action}`);
const MANAGED_RULES = allow(["events:PutTargets", "events:PutRule", "events:DescribeRule"]);
const THROWS = `class BadColumns extends Error { constructor(m) { super(m); this.name = "BadColumns"; } }
let calls = 0;
export const handler = async (event) => { if (event.fail) throw new BadColumns("column label is missing"); return { calls: ++calls, event }; };`;

describe("a state machine", () => {
    let test: TestCloud;
    let runner: MachineRunner;
    let execute: MachineRunner["execute"];
    before(async () => {
        test = await startTestCloud();
        runner = machineRunner(test);
        execute = runner.execute;
    });
    after(() => test.stop());

    it("calls a function with its own role, and reports the function's error by its name", async () => {
        const functionArn = await test.createFunction("throws", await test.role("throws", "lambda.amazonaws.com"), THROWS);
        const call = (fail: boolean) => ({
            Call: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: functionArn, Payload: { fail } }, End: true },
        });
        const denied = await execute(call(false), []);
        expect(denied).to.include({ status: "FAILED", error: "Lambda.AWSLambdaException" });
        expect(denied.cause).to.contain("is not authorized to perform: lambda:InvokeFunction");
        const done = await execute(call(false), [allow("lambda:InvokeFunction", functionArn)]);
        expect(JSON.parse(done.output!)).to.deep.include({ StatusCode: 200, Payload: { calls: 1, event: { fail: false } } });
        const failed = await execute(call(true), [allow("lambda:InvokeFunction", functionArn)]);
        expect(failed.error).to.equal("BadColumns");
        expect(JSON.parse(failed.cause!)).to.include({ errorType: "BadColumns", errorMessage: "column label is missing" });
    });

    it("gives each try its own retry count, and the execution its redrive count", async () => {
        const functionArn = await test.createFunction("echo", await test.role("echo", "lambda.amazonaws.com"), `
            export const handler = async ({ text }) => { if (text === "0-0") throw Object.assign(new Error("again"), { name: "TryAgain" }); return text; };`);
        const done = await execute({
            Call: {
                Type: "Task", Resource: "arn:aws:states:::lambda:invoke", End: true, Retry: [{ ErrorEquals: ["TryAgain"], IntervalSeconds: 1, MaxAttempts: 2 }],
                Parameters: { FunctionName: functionArn, Payload: { "text.$": "States.Format('{}-{}', $$.State.RetryCount, $$.Execution.RedriveCount)" } },
            },
        }, [allow("lambda:InvokeFunction", functionArn)]);
        expect(JSON.parse(done.output!)).to.include({ Payload: "1-0" });
    });

    it("writes to a table with its role, and names a failed condition", async () => {
        const dynamodb = new DynamoDBClient(test.settings);
        await dynamodb.send(new CreateTableCommand({
            TableName: "leases", BillingMode: "PAY_PER_REQUEST", KeySchema: [{ AttributeName: "LeaseId", KeyType: "HASH" }],
            AttributeDefinitions: [{ AttributeName: "LeaseId", AttributeType: "S" }],
        }));
        const put = (next: object) => ({
            Type: "Task", Resource: "arn:aws:states:::dynamodb:putItem", ...next,
            Parameters: { TableName: "leases", Item: { LeaseId: { S: "one" } }, ConditionExpression: "attribute_not_exists(LeaseId)" },
        });
        const permission = allow("dynamodb:PutItem", `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/leases`);
        const denied = await execute({ Put: put({ End: true }) }, [allow("dynamodb:PutItem", `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/other`)]);
        expect(denied.error).to.equal("DynamoDB.AmazonDynamoDBException");
        expect(denied.cause).to.contain("AccessDenied");
        const twice = await execute({ Put: put({ Next: "Again" }), Again: put({ End: true }) }, [permission]);
        expect(twice).to.include({ status: "FAILED", error: "DynamoDB.ConditionalCheckFailedException" });
    });

    it("publishes with its role", async () => {
        const { TopicArn } = await new SNSClient(test.settings).send(new CreateTopicCommand({ Name: "alerts" }));
        const publish = { Publish: { Type: "Task", Resource: "arn:aws:states:::sns:publish", Parameters: { TopicArn, Message: "failed" }, End: true } };
        expect((await execute(publish, [])).error).to.match(/^SNS\.Authorization/);
        expect((await execute(publish, [allow("sns:Publish", TopicArn!)])).status).to.equal("SUCCEEDED");
    });

    it("runs a training job to its end with its role, and fails with the job's description", async () => {
        const s3 = new S3Client(test.settings);
        await s3.send(new CreateBucketCommand({ Bucket: "models" }));
        await s3.send(new PutObjectCommand({ Bucket: "models", Key: "bad/train.csv", Body: "1,a text\n0,another\n" }));
        const training = await test.role("training", "sagemaker.amazonaws.com", allow(["s3:*", "ecr:*"]));
        const image = `492215442770.dkr.ecr.${REGION}.amazonaws.com/sagemaker-xgboost:3.0-5`;
        const train = {
            Train: {
                Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", End: true,
                Parameters: {
                    TrainingJobName: "job-1", RoleArn: training, HyperParameters: { objective: "binary:logistic", num_round: "2" },
                    AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: "File" },
                    InputDataConfig: [{ ChannelName: "train", ContentType: "text/csv", DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://models/bad/" } } }],
                    OutputDataConfig: { S3OutputPath: "s3://models/out" }, StoppingCondition: { MaxRuntimeInSeconds: 60 },
                    ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 5 },
                },
            },
        };
        const jobs = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:training-job/*`;
        const pass = allow("iam:PassRole", training, { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } });
        const missing = await execute(train, [MANAGED_RULES, allow("sagemaker:CreateTrainingJob", jobs), pass]);
        expect(missing).to.include({ status: "FAILED", error: "SageMaker.AmazonSageMakerException" });
        expect(missing.cause).to.contain("sagemaker:AddTags");
        const unpassed = await execute(train, [MANAGED_RULES, allow(["sagemaker:CreateTrainingJob", "sagemaker:AddTags"], jobs)]);
        expect(unpassed.cause).to.contain("is not authorized to perform: iam:PassRole");
        const failed = await execute(train, [MANAGED_RULES, allow(["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob", "sagemaker:AddTags"], jobs), pass]);
        expect(failed.error, failed.cause).to.equal("States.TaskFailed");
        expect(JSON.parse(failed.cause!)).to.include({ TrainingJobName: "job-1", TrainingJobStatus: "Failed" }).and.to.have.property("FailureReason");
        const again = await execute(train, [MANAGED_RULES, allow(["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob", "sagemaker:AddTags"], jobs), pass]);
        expect(again.error).to.equal("SageMaker.ResourceInUseException");
    }).timeout(60_000);

    it("stops the job that it waits for when it is stopped itself", async () => {
        const s3 = new S3Client(test.settings);
        await s3.send(new CreateBucketCommand({ Bucket: "endless" }));
        await s3.send(new PutObjectCommand({ Bucket: "endless", Key: "in/train.csv", Body: "1,0.5\n0,0.1\n".repeat(2000) }));
        const roleArn = await test.role("endless", "sagemaker.amazonaws.com", allow(["s3:*", "ecr:*"]));
        const train = {
            Train: {
                Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", End: true,
                Parameters: {
                    TrainingJobName: "endless", RoleArn: roleArn, HyperParameters: { objective: "binary:logistic", num_round: "1000000" },
                    AlgorithmSpecification: { TrainingImage: `492215442770.dkr.ecr.${REGION}.amazonaws.com/sagemaker-xgboost:3.0-5`, TrainingInputMode: "File" },
                    InputDataConfig: [{ ChannelName: "train", ContentType: "text/csv", DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://endless/in/" } } }],
                    OutputDataConfig: { S3OutputPath: "s3://endless/out" }, StoppingCondition: { MaxRuntimeInSeconds: 60 },
                    ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 5 },
                },
            },
        };
        const executionArn = await runner.start(train, [allow("*")]);
        const sagemaker = new SageMakerClient(test.settings);
        const status = async () => (await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: "endless" }))).TrainingJobStatus;
        const wait = async (wanted: (current: string | undefined) => boolean) => {
            while (!wanted(await status().catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 50));
        };
        await wait((current) => current === "InProgress");
        await test.sfn.send(new StopExecutionCommand({ executionArn }));
        await wait((current) => current !== "InProgress" && current !== "Stopping");
        expect(await status()).to.equal("Stopped");
    }).timeout(60_000);

    it("calls the SDK integration of SageMaker with its role", async () => {
        const remove = { Remove: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:sagemaker:deleteModel", Parameters: { ModelName: "none" }, End: true } };
        const model = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model/none`;
        expect((await execute(remove, [])).cause).to.contain("sagemaker:DeleteModel");
        const absent = await execute(remove, [allow("sagemaker:DeleteModel", model)]);
        expect(absent.error).to.equal("SageMaker.SageMakerException");
        expect(absent.cause).to.contain("Could not find");
    });

    it("refuses by name what is not rehearsed", async () => {
        const wait = { Send: { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", Parameters: {}, End: true } };
        const failed = await execute(wait, []);
        expect(failed).to.include({ status: "FAILED", error: "States.Runtime" });
        expect(failed.cause).to.contain("sqs:sendMessage is not runnable in the rehearsal");
    });

    it("delivers its history to the log group", async () => {
        await test.logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/vendedlogs/states/test" }));
        const logGroupArn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/vendedlogs/states/test:*`;
        const done = await execute({ Done: { Type: "Succeed" } }, [allow(LOG_DELIVERY)], { logGroupArn, input: { a: 1 } });
        const { events } = await test.logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/vendedlogs/states/test" }));
        const lines = events!.map(({ message }) => JSON.parse(message!));
        expect(lines.map(({ type }) => type)).to.include.members(["ExecutionStarted", "SucceedStateEntered", "ExecutionSucceeded"]);
        expect(lines[0]).to.include({ execution_arn: done.executionArn });
    });
});
