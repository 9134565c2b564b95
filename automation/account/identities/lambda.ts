/** Functions, who may invoke them, and what streams feed them. */
import {
    GetFunctionCommand, GetPolicyCommand, ListEventSourceMappingsCommand, ListTagsCommand, type GetFunctionCommandOutput, type LambdaClient,
} from "@aws-sdk/client-lambda";
import type { PropertyMap } from "../../engine/provider.ts";
import { gather, importPage, isSameName, knownText, outputsOf, unless } from "./lookup.ts";
import type { Lookup } from "./lookup.ts";

const GONE = ["ResourceNotFoundException"];

async function readFunction(lambda: LambdaClient, name: string): Promise<GetFunctionCommandOutput | undefined> {
    return unless(GONE, () => lambda.send(new GetFunctionCommand({ FunctionName: name })));
}

const lambdaFunction: Lookup = {
    type: "aws:lambda/function:Function",
    source: importPage("lambda/function"),
    async candidates(inputs, { aws: { lambda } }) {
        const name = knownText(inputs, "name");
        const found = name === undefined ? undefined : await readFunction(lambda, name);
        if (name === undefined || found === undefined) return [];
        return [{ id: name, outputs: outputsOf({ arn: found.Configuration?.FunctionArn }), tags: found.Tags ?? {} }];
    },
};

interface Statement {
    readonly Sid?: string;
    readonly Action?: string;
    readonly Principal?: string | Readonly<Record<string, string>>;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Whether the statement lets the same caller do the same: its id is made up by Pulumi where the program gives none. */
function isSameGrant({ Action, Principal, Condition = {} }: Statement, inputs: PropertyMap): boolean {
    const principal = typeof Principal === "object" ? Object.values(Principal)[0] : Principal;
    const conditions = Object.assign({}, ...Object.values(Condition)) as Readonly<Record<string, string>>;
    const condition = (wanted: string): string | undefined => Object.entries(conditions).find(([key]) => key.toLowerCase() === wanted)?.[1];
    return Action === inputs["action"] && principal === inputs["principal"]
        && condition("aws:sourcearn") === inputs["sourceArn"] && condition("aws:sourceaccount") === inputs["sourceAccount"];
}

/** The state calls it by its statement alone. */
const permission: Lookup = {
    type: "aws:lambda/permission:Permission",
    source: importPage("lambda/permission"),
    async candidates(inputs, { aws: { lambda } }) {
        const name = knownText(inputs, "function");
        if (name === undefined) return [];
        const Qualifier = knownText(inputs, "qualifier");
        const answer = await unless(GONE, () => lambda.send(new GetPolicyCommand({ FunctionName: name, Qualifier })));
        if (answer?.Policy === undefined) return [];
        const { Statement: statements = [] } = JSON.parse(answer.Policy) as { readonly Statement?: readonly Statement[] };
        const asked = knownText(inputs, "statementId");
        const named = statements.filter(({ Sid = "" }) => asked === undefined || isSameName(asked, Sid));
        const parentTags = (await readFunction(lambda, name))?.Tags ?? {};
        const qualified = Qualifier === undefined ? name : `${name}:${Qualifier}`;
        return named.filter((statement) => isSameGrant(statement, inputs)).map(({ Sid = "" }) => (
            { id: `${qualified}/${Sid}`, stateId: Sid, outputs: { statementId: Sid }, parentTags }));
    },
};

/** A stream feeds a function at most once. */
const eventSourceMapping: Lookup = {
    type: "aws:lambda/eventSourceMapping:EventSourceMapping",
    source: importPage("lambda/eventsourcemapping"),
    async candidates(inputs, { aws: { lambda } }) {
        const FunctionName = knownText(inputs, "functionName");
        const EventSourceArn = knownText(inputs, "eventSourceArn");
        if (FunctionName === undefined || EventSourceArn === undefined) return [];
        const mappings = await unless(GONE, () => gather(async (Marker) => {
            const page = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName, EventSourceArn, Marker }));
            return { items: page.EventSourceMappings, next: page.NextMarker };
        })) ?? [];
        const alive = mappings.filter((mapping) => mapping.EventSourceArn === EventSourceArn && mapping.State !== "Deleting");
        return Promise.all(alive.map(async ({ UUID = "", EventSourceMappingArn: arn }) => {
            const tags = arn === undefined ? {} : (await lambda.send(new ListTagsCommand({ Resource: arn }))).Tags ?? {};
            return { id: UUID, outputs: outputsOf({ uuid: UUID, arn }), tags };
        }));
    },
};

export const lambdaLookups: readonly Lookup[] = [lambdaFunction, permission, eventSourceMapping];
