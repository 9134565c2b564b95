/** Deletes what runs: what feeds it first, so that nothing starts anew. */
import { DeleteApiCommand } from "@aws-sdk/client-apigatewayv2";
import { DeleteRuleCommand, ListTargetsByRuleCommand, RemoveTargetsCommand } from "@aws-sdk/client-eventbridge";
import { DeleteEventSourceMappingCommand, DeleteFunctionCommand, GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { DeleteStateMachineCommand, DescribeStateMachineCommand, paginateListExecutions, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { unlessGone } from "../owned/search.ts";
import { nameOf } from "./remover.ts";
import type { Remover } from "./remover.ts";

export const eventSourceMapping: Remover = {
    kind: "lambda:event-source-mapping",
    async remove(resource, { clients }) {
        await clients.aws.lambda.send(new DeleteEventSourceMappingCommand({ UUID: nameOf(resource) }));
    },
    async isGone(resource, { clients }) {
        return await unlessGone(() => clients.aws.lambda.send(new GetEventSourceMappingCommand({ UUID: nameOf(resource) }))) === undefined;
    },
};

/** A rule is deleted without its targets only. */
export const rule: Remover = {
    kind: "events:rule",
    async remove(resource, { clients: { events } }) {
        const Rule = nameOf(resource);
        const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
        if (Targets.length > 0) await events.send(new RemoveTargetsCommand({ Rule, Ids: Targets.map(({ Id = "" }) => Id) }));
        await events.send(new DeleteRuleCommand({ Name: Rule }));
    },
};

/** With its routes, integrations, authorizers and stages. */
export const api: Remover = {
    kind: "apigateway:api",
    async remove(resource, { clients }) {
        await clients.apigateway.send(new DeleteApiCommand({ ApiId: nameOf(resource) }));
    },
};

/** Its executions are stopped, and with them the jobs that they wait for. A state machine stays while an execution runs. */
export const stateMachine: Remover = {
    kind: "states:state-machine",
    async remove({ arn }, { clients: { aws: { sfn } }, progress }) {
        for await (const { executions = [] } of paginateListExecutions({ client: sfn }, { stateMachineArn: arn, statusFilter: "RUNNING" })) {
            for (const { executionArn } of executions) {
                await sfn.send(new StopExecutionCommand({ executionArn, error: "Firstlight.Stopped", cause: "the state machine is being deleted" }));
                progress(`stopped the execution ${executionArn ?? ""}`);
            }
        }
        await sfn.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
    },
    async isGone({ arn }, { clients }) {
        return await unlessGone(() => clients.aws.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arn }))) === undefined;
    },
};

export const lambdaFunction: Remover = {
    kind: "lambda:function",
    async remove(resource, { clients }) {
        await clients.aws.lambda.send(new DeleteFunctionCommand({ FunctionName: nameOf(resource) }));
    },
};
