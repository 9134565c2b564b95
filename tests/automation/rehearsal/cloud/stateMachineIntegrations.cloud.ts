import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { DescribeExecutionOutput } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { machineRunner, type MachineRunner } from "./stateMachineRuns.ts";
import { ACCOUNT, allow, REGION, startTestCloud, type TestCloud } from "./testCloud.ts";

const ARN = `arn:aws:sagemaker:${REGION}:${ACCOUNT}`;
const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/leases`;

describe("an integration of a state machine", () => {
    let test: TestCloud;
    let execute: MachineRunner["execute"];
    before(async () => {
        test = await startTestCloud();
        execute = machineRunner(test).execute;
        const dynamodb = new DynamoDBClient(test.settings);
        await dynamodb.send(new CreateTableCommand({
            TableName: "leases", BillingMode: "PAY_PER_REQUEST", KeySchema: [{ AttributeName: "LeaseId", KeyType: "HASH" }],
            AttributeDefinitions: [{ AttributeName: "LeaseId", AttributeType: "S" }],
        }));
        await dynamodb.send(new PutItemCommand({ TableName: "leases", Item: { LeaseId: { S: "turn" }, Count: { N: "1" } } }));
    });
    after(() => test.stop());

    const task = (resource: string, Parameters: object, more: object = { End: true }) => ({ Type: "Task", Resource: `arn:aws:states:::${resource}`, Parameters, ...more });
    const outputOf = ({ output, error, cause }: DescribeExecutionOutput) => {
        expect(error, cause).to.equal(undefined);
        return JSON.parse(output!) as Record<string, unknown>;
    };

    it("reads a parameter, and names one that is absent", async () => {
        await new SSMClient(test.settings).send(new PutParameterCommand({ Name: "/firstlight/dev/value", Value: "none", Type: "String" }));
        const read = (Name: string) => ({ Read: task("aws-sdk:ssm:getParameter", { Name }) });
        const permission = allow("ssm:GetParameter", `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/firstlight/dev/*`);
        const parameter = outputOf(await execute(read("/firstlight/dev/value"), [permission]))["Parameter"];
        expect(parameter).to.include({ Value: "none", Version: 1 });
        expect((await execute(read("/firstlight/dev/none"), [permission])).error).to.equal("Ssm.ParameterNotFoundException");
        const denied = await execute(read("/firstlight/prod/value"), [permission]);
        expect(denied.error).to.match(/^Ssm\./);
        expect(denied.cause).to.contain("is not authorized to perform: ssm:GetParameter").and.to.match(/\(Service: Ssm, Status Code: 400, Request ID: .+\)$/);
    });

    it("describes an execution in PascalCase, and names one that is absent", async () => {
        const describe_ = (path: string) => ({ Look: task("aws-sdk:sfn:describeExecution", { "ExecutionArn.$": path }) });
        const permission = allow("states:DescribeExecution", `arn:aws:states:${REGION}:${ACCOUNT}:execution:*`);
        const own = outputOf(await execute(describe_("$$.Execution.Id"), [permission]));
        expect(own).to.include({ Status: "RUNNING" });
        expect(own["StartDate"]).to.match(/^\d{4}-\d\d-\d\dT/);
        const absent = await execute(describe_("States.Format('{}x', $$.Execution.Id)"), [permission]);
        expect(absent.error).to.equal("Sfn.ExecutionDoesNotExistException");
        expect((await execute(describe_("$$.Execution.Id"), [])).cause).to.contain("states:DescribeExecution");
    });

    it("reaches the items that its conditions name, by each of the four actions", async () => {
        const Key = { LeaseId: { S: "turn" } };
        const update = { TableName: "leases", Key, UpdateExpression: "ADD #c :one", ExpressionAttributeNames: { "#c": "Count" }, ExpressionAttributeValues: { ":one": { N: "1" } } };
        const tasks: [string, object][] = [
            ["getItem", { TableName: "leases", Key }], ["updateItem", update],
            ["putItem", { TableName: "leases", Item: Key }], ["deleteItem", { TableName: "leases", Key }],
        ];
        for (const [action, parameters] of tasks) {
            const iam = `dynamodb:${action[0]!.toUpperCase()}${action.slice(1)}`;
            const states = { Do: task(`dynamodb:${action}`, parameters) };
            const only = (key: string) => allow(iam, TABLE, { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [key] }, Null: { "dynamodb:LeadingKeys": "false" } });
            expect((await execute(states, [only("turn")])).status, action).to.equal("SUCCEEDED");
            const denied = await execute(states, [only("other")]);
            expect(denied, action).to.include({ status: "FAILED", error: "DynamoDB.AmazonDynamoDBException" });
            expect(denied.cause, action).to.contain(iam);
        }
    });

    it("does not know an endpoint, a model or a configuration that is absent", async () => {
        const parts: [string, object, string][] = [
            ["describeEndpoint", { EndpointName: "None" }, 'Could not find endpoint "'],
            ["deleteModel", { ModelName: "None" }, 'Could not find model "'],
            ["deleteEndpointConfig", { EndpointConfigName: "None" }, 'Could not find endpoint configuration "'],
        ];
        for (const [action, parameters, text] of parts) {
            const absent = await execute({ Do: task(`aws-sdk:sagemaker:${action}`, parameters) }, [allow(`sagemaker:${action[0]!.toUpperCase()}${action.slice(1)}`)]);
            expect(absent.error, action).to.equal("SageMaker.SageMakerException");
            expect(absent.cause).to.contain(text).and.to.contain("(Service: SageMaker, Status Code: 400, Request ID: ");
        }
    });

    it("updates an endpoint with permission on the endpoint and on its new configuration", async () => {
        const update = { Update: task("sagemaker:updateEndpoint", { EndpointName: "Main", EndpointConfigName: "Next" }) };
        const denied = async (...resources: string[]) => (await execute(update, resources.map((resource) => allow("sagemaker:UpdateEndpoint", `${ARN}:${resource}`)))).cause;
        expect(await denied("endpoint/main")).to.contain(`sagemaker:UpdateEndpoint on resource: ${ARN}:endpoint-config/next`);
        expect(await denied("endpoint-config/next")).to.contain(`sagemaker:UpdateEndpoint on resource: ${ARN}:endpoint/main`);
        const absent = await denied("endpoint/main", "endpoint-config/next");
        expect(absent).to.match(/Could not find endpoint "arn:.*"\. \(Service: AmazonSageMaker; Status Code: 400; Error Code: ValidationException; Request ID: .*; Proxy: null\)$/s);
    });

    it("makes models and configurations with its role", async () => {
        const make: [string, object, string][] = [
            ["createModel", { ModelName: "M", ExecutionRoleArn: `arn:aws:iam::${ACCOUNT}:role/none`, PrimaryContainer: { Image: "x" } }, "model/m"],
            ["createEndpointConfig", { EndpointConfigName: "C", ProductionVariants: [{ VariantName: "v", ModelName: "M" }] }, "endpoint-config/c"],
        ];
        for (const [action, parameters, resource] of make) {
            const iam = `sagemaker:${action[0]!.toUpperCase()}${action.slice(1)}`;
            const denied = await execute({ Do: task(`sagemaker:${action}`, parameters) }, []);
            expect(denied.error).to.equal("SageMaker.AmazonSageMakerException");
            expect(denied.cause).to.contain(`${iam} on resource: ${ARN}:${resource}`);
        }
    });

    it("runs only what Step Functions offers", async () => {
        for (const resource of ["dynamodb:query", "sagemaker:describeEndpoint", "sagemaker:updateEndpoint.sync", "sns:createTopic"]) {
            expect((await execute({ Do: task(resource, {}) }, [allow("*")])).cause, resource).to.contain("is not runnable in the rehearsal");
        }
        const wrong = await execute({ Do: task("aws-sdk:ssm:getParameter", { name: "/x" }) }, [allow("*")]);
        expect(wrong).to.include({ status: "FAILED", error: "States.Runtime" });
    });

    it("refuses parameters of another type, converting nothing", async () => {
        const parameters = { TopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:alerts`, "Message.$": "States.MathAdd(50, 50)" };
        const refused = await execute({ Tell: task("sns:publish", parameters) }, [allow("*")]);
        expect(refused).to.include({ status: "FAILED", error: "States.Runtime" });
        expect(refused.cause).to.match(/The Parameters '\{.*"Message": 100.*\}' could not be used to start the Task: \[The value for the field 'Message' must be a STRING\]$/);
        const unknown = await execute({ Tell: task("sns:publish", { Message: "m", Topic: "alerts" }) }, [allow("*")]);
        expect(unknown.cause).to.contain('[The field "Topic" is not supported by Step Functions]');
    });
});
