/** Asks everybody who knows something about the stack; who does not answer is named, and stops nothing. */
import { ListExecutionsCommand } from "@aws-sdk/client-sfn";
import type { ExecutionListItem } from "@aws-sdk/client-sfn";
import { createNaming } from "../../../../components/naming.ts";
import { VARIANTS } from "../../../../lambdas/shared/documents.ts";
import type { Variant } from "../../../../lambdas/shared/documents.ts";
import { findDrained, parseAbTest } from "../../../../lambdas/shared/router/abTest.ts";
import { describeOwner } from "../../../locks/owner.ts";
import { readApprovedModel, readParameter, readServedModel } from "../../../outputs.ts";
import { describeCause, describeExecution } from "../../../phases/execution.ts";
import { readActualServing } from "../../../phases/servedEndpoint.ts";
import { findUnconfirmedSubscriptions } from "../../../phases/subscriptions.ts";
import { readAbTest } from "../../../preflight/account/abTests.ts";
import { findEndpoint } from "../../../preflight/account/endpoints.ts";
import type { Session } from "../../session.ts";
import { findStandIns } from "../../standIns.ts";
import type { EndpointStatus, HolderStatus, RunStatus, StackStatus } from "./stackStatus.ts";

type Part = Partial<StackStatus>;

/** Never throws but when it is interrupted. */
export async function readStatus(session: Session): Promise<StackStatus> {
    const unasked: { what: string; why: string }[] = [];
    const ask = async (what: string, question: () => Promise<Part>): Promise<Part> => {
        try {
            return await question();
        } catch (error) {
            session.signal.throwIfAborted();
            unasked.push({ what, why: firstLine(error) });
            return {};
        }
    };
    const state = await ask("the state", () => readState(session));
    const outputs = state.outputs ?? {};
    const parts = await Promise.all([
        ask("where the state is", async () => ({ backend: (await session.backend()).url })),
        ask("the account", () => readAccount(session)),
        ...session.accountId === undefined ? [] : [
            ask("the endpoints", () => readEndpoints(session, session.accountId ?? "")),
            ...textAsk(outputs["abTestsTableName"], (table) => ask("the traffic split", () => readSplit(session, table))),
            ...textAsk(outputs["stateMachineArn"], (arn) => ask("the runs of the pipeline", () => readRuns(session, arn))),
            ...textAsk(outputs["alertTopicArn"], (arn) => ask("the subscriptions", async () => ({ unconfirmed: await findUnconfirmedSubscriptions(session.aws, arn) }))),
        ],
    ]);
    const unknown: Part = {};
    const [driver, engine] = await Promise.all([
        ask("the driver's lock", async () => ({ locks: await readDriverLock(session) })),
        state.phase === undefined ? unknown : ask("the engine's lock", async () => ({ locks: await readEngineLocks(session) })),
    ]);
    const standIns = await findStandIns(session.environment);
    const known: Part = Object.assign({}, state, ...parts);
    return { stack: session.pulumiStack, region: session.aws.target.region, ...known, locks: [...driver.locks ?? [], ...engine.locks ?? []], standIns, unasked };
}

function textAsk(value: unknown, question: (text: string) => Promise<Part>): readonly Promise<Part>[] {
    return typeof value === "string" ? [question(value)] : [];
}

async function readState(session: Session): Promise<Part> {
    const engine = await session.engine();
    const [outputs, resources, pending] = await Promise.all([engine.outputs(), engine.resources(), engine.pendingOperations()]);
    const custom = resources.filter((resource) => resource.custom && !resource.type.startsWith("pulumi:providers:"));
    const phase = outputs["phase"] === "serving" ? "serving" : "infrastructure";
    return {
        phase: custom.length === 0 && pending.length === 0 ? "none" : phase,
        resources: custom.length, outputs, pending: pending.map(({ urn, operation }) => ({ urn, operation })),
    };
}

async function readAccount({ accountId, accountProblem }: Session): Promise<Part> {
    if (accountId === undefined) throw new Error(accountProblem ?? "there are no credentials");
    return { account: accountId };
}

/** By the names that they have or would have, so that it works without a state. */
async function readEndpoints({ aws, config }: Session, accountId: string): Promise<Part> {
    const naming = createNaming(config, { accountId, region: aws.target.region });
    const endpointSwitch = await readParameter(aws, `${naming.parameterPath}/switch`);
    const endpoints = await Promise.all(VARIANTS.map((variant) => readEndpoint({ aws }, { variant, name: naming.name("endpoint", variant), path: naming.parameterPath })));
    return { endpoints, ...(endpointSwitch === undefined ? {} : { endpointSwitch }) };
}

interface EndpointPlace { readonly variant: Variant; readonly name: string; readonly path: string }

async function readEndpoint({ aws }: Pick<Session, "aws">, { variant, name, path }: EndpointPlace): Promise<EndpointStatus> {
    const [found, served, approved] = await Promise.all([findEndpoint(aws.sagemaker, name), readServedModel(aws, path, variant), readApprovedModel(aws, path, variant)]);
    const settings = found === undefined ? {} : (await readActualServing(aws, name)).settings;
    return {
        variant, name, status: found?.status ?? "none", ...settings,
        ...(served === undefined ? {} : { modelVersion: served.version }),
        ...(approved === undefined ? {} : { approvedVersion: approved.version }),
    };
}

async function readSplit({ aws, config }: Session, table: string): Promise<Part> {
    const test = parseAbTest(await readAbTest(aws.dynamodb, table), config.abTest.weights);
    const drained = findDrained(test, Date.now());
    return { weights: test.weights, ...(drained === undefined ? {} : { drained }) };
}

/** The newest come first. https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html */
async function readRuns(session: Session, stateMachineArn: string): Promise<Part> {
    const { aws, signal } = session;
    const { executions = [] } = await aws.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 100 }), { abortSignal: signal });
    const running = executions.filter(({ status }) => status === "RUNNING").map(describeRun);
    const last = executions.find(({ status }) => status !== "RUNNING");
    return { running, ...(last === undefined ? {} : { lastRun: { ...describeRun(last), ...await readReason(session, last) } }) };
}

/** A verification stops the run that its own data began: without the reason that looks like trouble. */
async function readReason({ aws }: Session, { status, executionArn = "" }: ExecutionListItem): Promise<Pick<RunStatus, "reason">> {
    if (status === "SUCCEEDED") return {};
    const { error, cause } = await describeExecution(aws, executionArn);
    const [reason = ""] = describeCause(error, cause).split("\n");
    return reason === "" ? {} : { reason };
}

function describeRun({ name = "", status, startDate, stopDate }: ExecutionListItem): RunStatus {
    return {
        name, status: status ?? "unknown",
        ...(startDate === undefined ? {} : { startedAt: startDate.toISOString() }),
        ...(stopDate === undefined ? {} : { endedAt: stopDate.toISOString() }),
    };
}

async function readDriverLock(session: Session): Promise<readonly HolderStatus[]> {
    const owner = await (await session.locks()).read();
    return owner === undefined ? [] : [{ of: "driver", owner: describeOwner(owner) }];
}

async function readEngineLocks(session: Session): Promise<readonly HolderStatus[]> {
    const locks = await (await session.engine()).locks();
    return locks.map(({ user, host, pid, since }) => ({ of: "engine", owner: `${user ?? "somebody"} on ${host} (process ${pid}), since ${since.toISOString()}` }));
}

function firstLine(error: unknown): string {
    const text = error instanceof Error ? error.message : String(error);
    return text.split("\n")[0] ?? "";
}
