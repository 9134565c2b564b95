/** `aws:lambda/permission:Permission`: one statement of a function's policy. */
import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from "@aws-sdk/client-lambda";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { permissionId } from "./importIds.ts";
import { reported, requiredText, text } from "./inputs.ts";
import { appliedReplaces, recordedReplaces, region, registryPage } from "./rules.ts";
import { unless } from "./wait.ts";

const GONE = ["ResourceNotFoundException"];

interface Statement {
    readonly Sid?: string;
    readonly Action?: string;
    readonly Principal?: string | Readonly<Record<string, string>>;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

async function findStatement(id: string, inputs: PropertyMap, { clients }: HandlerContext): Promise<Statement | undefined> {
    const answer = await unless(GONE, () => clients.lambda.send(new GetPolicyCommand({
        FunctionName: requiredText(inputs, "function"), Qualifier: text(inputs, "qualifier"),
    })));
    if (answer?.Policy === undefined) return undefined;
    const { Statement: statements = [] } = JSON.parse(answer.Policy) as { Statement?: readonly Statement[] };
    return statements.find(({ Sid }) => Sid === id);
}

/** The value of a condition key, whatever the operator and the case of the key. */
function condition(statement: Statement, key: string): string | undefined {
    for (const entries of Object.values(statement.Condition ?? {})) {
        const found = Object.entries(entries).find(([name]) => name.toLowerCase() === key.toLowerCase());
        if (found !== undefined) return found[1];
    }
    return undefined;
}

function principal(statement: Statement): string | undefined {
    const { Principal } = statement;
    return typeof Principal === "object" ? (Principal["Service"] ?? Principal["AWS"]) : Principal;
}

export const lambdaPermission: ResourceDefinition = {
    table: {
        type: "aws:lambda/permission:Permission",
        source: registryPage("lambda/permission"),
        inputs: {
            ...region,
            action: appliedReplaces,
            function: appliedReplaces,
            principal: appliedReplaces,
            sourceArn: appliedReplaces,
            sourceAccount: appliedReplaces,
            statementId: appliedReplaces,
            qualifier: recordedReplaces,
            statementIdPrefix: recordedReplaces,
            eventSourceToken: recordedReplaces,
            functionUrlAuthType: recordedReplaces,
            principalOrgId: recordedReplaces,
        },
        outputs: [
            "action", "eventSourceToken", "function", "functionUrlAuthType", "invokedViaFunctionUrl", "principal", "principalOrgId",
            "qualifier", "region", "sourceAccount", "sourceArn", "statementId", "statementIdPrefix",
        ],
        autoName: { property: "statementId", maxLength: 100 },
    },
    predict: ({ inputs }, place) => ({
        id: typeof inputs["statementId"] === "string" ? inputs["statementId"] : UNKNOWN,
        outputs: { region: place.region },
    }),
    async create({ inputs }, { clients }) {
        const id = requiredText(inputs, "statementId");
        await clients.lambda.send(new AddPermissionCommand({
            FunctionName: requiredText(inputs, "function"),
            StatementId: id,
            Action: requiredText(inputs, "action"),
            Principal: requiredText(inputs, "principal"),
            SourceArn: text(inputs, "sourceArn"),
            SourceAccount: text(inputs, "sourceAccount"),
            Qualifier: text(inputs, "qualifier"),
        }));
        return id;
    },
    importId: permissionId,
    async read({ id, inputs }, context) {
        const statement = await findStatement(id, inputs, context);
        if (statement === undefined) return undefined;
        const values = reported({
            statementId: id,
            function: text(inputs, "function"),
            action: statement.Action,
            principal: principal(statement),
            sourceArn: condition(statement, "aws:SourceArn"),
            sourceAccount: condition(statement, "aws:SourceAccount"),
        });
        return { id, inputs: values, outputs: { ...values, region: context.place.region } };
    },
    async delete({ id, inputs }, { clients }) {
        await unless(GONE, () => clients.lambda.send(new RemovePermissionCommand({
            FunctionName: requiredText(inputs, "function"), StatementId: id, Qualifier: text(inputs, "qualifier"),
        })));
    },
};
