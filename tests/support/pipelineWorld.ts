/** The program's state machine in the rehearsal's cloud, with its real permissions, jobs and endpoints; functions that read and judge data are stood in for. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CreateTableCommand, DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateStateMachineCommand, DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { DescribeExecutionOutput } from "@aws-sdk/client-sfn";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { strToU8, zipSync } from "fflate";
import { bundleLambda, LAMBDA_HANDLER } from "../../components/compute/bundle.ts";
import type { Location } from "../../components/context.ts";
import type { DataScope } from "../../components/iam/dataScope.ts";
import { approveModelPermissions, selectDataPermissions } from "../../components/iam/functionPermissions.ts";
import { stateMachinePermissions } from "../../components/iam/pipelinePermissions.ts";
import { buildPolicy } from "../../components/iam/policy.ts";
import { buildPipelineDefinition } from "../../components/inference/pipelineDefinition.ts";
import type { PipelineFunctionKey } from "../../components/inference/pipelineSettings.ts";
import { TURN_ID } from "../../components/inference/pipelineTurn.ts";
import { AB_TEST_ID } from "../../lambdas/shared/documents.ts";
import { BUCKET, csvLines, IMAGE, REGION, SageMakerWorld } from "../automation/rehearsal/cloud/sagemakerWorld.ts";
import { testPipelineSettings } from "./pipelineSettings.ts";
import { testDataScope } from "./programContexts.ts";

export const PATH = "/firstlight/dev/inference";
/** The bucket of these tests holds everything; new data come here. */
export const DATA_PREFIX = "incoming/";
const PROJECT = path.resolve(import.meta.dirname, "../..");
/** The waits of a deployment add up to minutes, and to an hour where it hangs. */
const WAIT_SCALE = 0.002;

/** What stands in for the functions that read and judge data: the answers of lambdas/shared/documents.ts, the value of the gate from the key. */
const STAND_INS: Readonly<Partial<Record<PipelineFunctionKey, string>>> = {
    validateData: `({ task: "binary", rows: 200 })`,
    preprocessData: `({
        schemaUrl: "s3://${BUCKET}/schema.json", trainUrl: "s3://${BUCKET}/data/train/data.csv", validationUrl: "s3://${BUCKET}/data/validation/data.csv",
        testUrl: "s3://${BUCKET}/data/test/data.csv", transformOutputFilter: "$[0,-1]",
        variants: event.variants.map((variant) => ({
            variant, letter: variant === "champion" ? "a" : "b", transformUrl: "s3://${BUCKET}/runs/" + event.runId + "/transform/" + variant,
            hyperparameters: { num_round: event.key.includes("bad") && variant === "challenger" ? "none" : "3", objective: "binary:logistic", eval_metric: "auc" },
        })),
    })`,
    evaluateModel: `({ task: "binary", rows: 50, metrics: { auc: 0.9 }, gate: { metric: "auc", value: 0.9, floor: 0.75, direction: "maximize" } })`,
    registerModel: `({
        modelId: "binary:y", version: event.startedAt + "-" + event.runId + "-" + event.variant, modelDataUrl: event.modelDataUrl,
        schemaUrl: "s3://m/schema.json", goldenUrl: "s3://m/golden.json", trainingJobName: event.trainingJobName, trainingImage: event.trainingImage,
    })`,
};

export class PipelineWorld {
    readonly sagemaker: SageMakerWorld;
    readonly dynamodb: DynamoDBClient;
    readonly #sfn: SFNClient;
    readonly #ssm: SSMClient;
    #stateMachineArn = "";

    private constructor(sagemaker: SageMakerWorld) {
        this.sagemaker = sagemaker;
        const { target } = sagemaker.cloud;
        this.dynamodb = new DynamoDBClient(target);
        this.#sfn = new SFNClient(target);
        this.#ssm = new SSMClient(target);
    }

    static async open(): Promise<PipelineWorld> {
        const world = new PipelineWorld(await SageMakerWorld.open({ waitScale: WAIT_SCALE }));
        for (const name of ["train", "validation", "test"]) await world.sagemaker.put(`data/${name}/data.csv`, csvLines(200));
        await world.#createTable("leases", "LeaseId");
        await world.#createTable("ab-tests", "TestId");
        await world.#createTable("model-metadata", "ModelId", "Version");
        for (const variant of ["champion", "challenger"]) await world.setParameter(`approved-${variant}`, "none");
        await world.setParameter("settings", JSON.stringify({ memoryMiB: 3072, maxConcurrency: 3 }));
        await world.#createStateMachine();
        return world;
    }

    async close(): Promise<void> {
        for (const client of [this.dynamodb, this.#sfn, this.#ssm]) client.destroy();
        await this.sagemaker.close();
    }

    /** Runs the state machine to its end. */
    async run(input: object): Promise<DescribeExecutionOutput> {
        const executionArn = await this.start(input);
        for (;;) {
            const execution = await this.#sfn.send(new DescribeExecutionCommand({ executionArn }));
            if (execution.status !== "RUNNING") return execution;
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }

    async start(input: object): Promise<string> {
        const { executionArn } = await this.#sfn.send(new StartExecutionCommand({ stateMachineArn: this.#stateMachineArn, input: JSON.stringify(input) }));
        return executionArn!;
    }

    async setParameter(name: string, Value: string): Promise<void> {
        await this.#ssm.send(new PutParameterCommand({ Name: `${PATH}/${name}`, Value, Type: "String", Overwrite: true }));
    }

    async parameter(name: string): Promise<string | undefined> {
        return (await this.#ssm.send(new GetParameterCommand({ Name: `${PATH}/${name}` }))).Parameter?.Value;
    }

    /** Who has the turn. */
    async turn(): Promise<string | undefined> {
        const { Item } = await this.dynamodb.send(new GetItemCommand({ TableName: "leases", Key: { LeaseId: { S: TURN_ID } } }));
        return Item?.["ExecutionArn"]?.S;
    }

    async giveTurn(executionArn: string): Promise<void> {
        await this.dynamodb.send(new PutItemCommand({ TableName: "leases", Item: { LeaseId: { S: TURN_ID }, ExecutionArn: { S: executionArn } } }));
    }

    async releaseTurn(): Promise<void> {
        await this.dynamodb.send(new DeleteItemCommand({ TableName: "leases", Key: { LeaseId: { S: TURN_ID } } }));
    }

    async abTest(): Promise<Record<string, AttributeValue> | undefined> {
        return (await this.dynamodb.send(new GetItemCommand({ TableName: "ab-tests", Key: { TestId: { S: AB_TEST_ID } } }))).Item;
    }

    async #createTable(TableName: string, ...keys: readonly string[]): Promise<void> {
        await this.dynamodb.send(new CreateTableCommand({
            TableName, BillingMode: "PAY_PER_REQUEST",
            KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? "HASH" : "RANGE" })),
            AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        }));
    }

    async #createStateMachine(): Promise<void> {
        const location = this.#location();
        const { TopicArn } = await new SNSClient(this.sagemaker.cloud.target).send(new CreateTopicCommand({ Name: "alerts" }));
        const functions = await this.#createFunctions();
        await this.sagemaker.createRole("serving", ["s3:*", "logs:*"]);
        const settings = testPipelineSettings({
            location, functions,
            alertTopicArn: TopicArn!,
            trainingRoleArn: this.sagemaker.roleArn("execution"),
            servingRoleArn: this.sagemaker.roleArn("serving"),
            trainingImage: IMAGE,
            modelsBucketName: BUCKET,
        });
        const roleArn = await this.sagemaker.createRole("pipeline", ["kms:Decrypt"], "states.amazonaws.com");
        const statements = stateMachinePermissions({
            ...settings,
            stateMachineName: "firstlight-dev-training",
            functionArns: Object.values(functions),
            pipelineLeasesTableArn: this.#tableArn("leases"),
            abTestsTableArn: this.#tableArn("ab-tests"),
            dynamodbKeyArn: "arn:aws:kms:x:1:key/d",
            alertKeyArn: "arn:aws:kms:x:1:key/a",
        });
        await this.sagemaker.iam.send(new PutRolePolicyCommand({ RoleName: "pipeline", PolicyName: "test", PolicyDocument: buildPolicy(statements) }));
        // Jobs without keys: what encrypts is tested elsewhere.
        const definition = JSON.stringify(buildPipelineDefinition(settings)).replaceAll(/,?"(Volume)?KmsKeyId":"[^"]*"/g, "");
        this.#stateMachineArn = (await this.#sfn.send(new CreateStateMachineCommand({ name: "firstlight-dev-training", roleArn, definition }))).stateMachineArn!;
    }

    #dataScope(): DataScope {
        return {
            ...testDataScope(),
            location: this.#location(),
            rawBucketArn: `arn:aws:s3:::${BUCKET}`,
            modelMetadataTableArn: this.#tableArn("model-metadata"),
            dataPrefix: DATA_PREFIX,
            parameterPath: PATH,
        };
    }

    #location(): Location {
        return { partition: "aws", dnsSuffix: "amazonaws.com", region: REGION, accountId: this.sagemaker.cloud.accountId };
    }

    #tableArn(name: string): string {
        return `arn:aws:dynamodb:${REGION}:${this.sagemaker.cloud.accountId}:table/${name}`;
    }

    async #createFunctions(): Promise<Record<PipelineFunctionKey, string>> {
        const lambda = new LambdaClient(this.sagemaker.cloud.target);
        const Role = await this.sagemaker.createRole("functions", ["logs:*"], "lambda.amazonaws.com");
        const PolicyDocument = buildPolicy([...approveModelPermissions(this.#dataScope()), ...selectDataPermissions(this.#dataScope())]);
        await this.sagemaker.iam.send(new PutRolePolicyCommand({ RoleName: "functions", PolicyName: "ours", PolicyDocument }));
        const create = async (name: string, ZipFile: Uint8Array, Variables: Record<string, string> = {}): Promise<string> => {
            const command = new CreateFunctionCommand({
                FunctionName: name, Role, Runtime: "nodejs24.x", Handler: LAMBDA_HANDLER, Code: { ZipFile }, Timeout: 20, Environment: { Variables },
            });
            return (await lambda.send(command)).FunctionArn!;
        };
        const entries = await Promise.all(Object.entries(STAND_INS).map(async ([name, answer]) => (
            [name, await create(name, zipSync({ "index.mjs": strToU8(`export const handler = async (event) => ${answer};`) }))] as const)));
        const codeOf = async (name: string): Promise<Uint8Array> => readFile(path.join(PROJECT, (await bundleLambda(name)).path));
        const approveModel = await create("approveModel", await codeOf("approve-model"), { PARAMETER_PATH: PATH, MODEL_METADATA_TABLE: "model-metadata" });
        const selectData = await create("selectData", await codeOf("select-data"), { RAW_BUCKET: BUCKET, DATA_PREFIX });
        return { ...Object.fromEntries(entries), approveModel, selectData } as Record<PipelineFunctionKey, string>;
    }
}
