/** The status in lines for people. */
import { describeWeights, nameOfUrn } from "../../../progress/eventLines.ts";
import type { EndpointStatus, RunStatus, StackStatus } from "./stackStatus.ts";

const PHASES = { none: "not deployed", infrastructure: "deployed, without endpoints", serving: "deployed, with endpoints" } as const;

/** What went wrong, or needs somebody, comes last, where it is read. */
export function renderStatus(status: StackStatus): readonly string[] {
    const { stack, account, region, backend, phase, resources, endpoints = [], weights, drained, running = [], lastRun, endpointSwitch } = status;
    const apiUrl = status.outputs?.["apiUrl"];
    return [
        row("stack", `${stack} in ${account === undefined ? "an account that could not be asked" : `account ${account}`}, ${region}`),
        ...optional("state", backend),
        ...optional("phase", phase === undefined ? undefined : `${describePhase(status)}${resources === undefined || resources === 0 ? "" : `, ${resources} resources`}`),
        ...optional("api", typeof apiUrl === "string" ? apiUrl : undefined),
        ...optional("switch", endpointSwitch === undefined ? undefined : `endpoints ${endpointSwitch}`),
        ...endpoints.map((endpoint) => row(endpoint.variant, describeEndpoint(endpoint))),
        ...optional("split", weights === undefined ? undefined : describeWeights({ weights, ...(drained === undefined ? {} : { drained }) })),
        ...running.map((run) => row("running", describeRun(run))),
        ...optional("last run", lastRun === undefined ? undefined : describeRun(lastRun)),
        ...renderTroubles(status),
    ];
}

/** Outputs are written when an up ends: without them none has. */
function describePhase({ phase = "none", outputs }: StackStatus): string {
    return phase === "infrastructure" && outputs?.["phase"] === undefined ? "begun, and not yet brought up to the end" : PHASES[phase];
}

function renderTroubles({ locks, pending = [], unconfirmed = [], standIns, unasked }: StackStatus): readonly string[] {
    return [
        ...locks.map(({ of, owner }) => row("locked", `by the ${of}: ${owner}`)),
        ...pending.map(({ urn, operation }) => row("unfinished", `${operation} ${nameOfUrn(urn)}: the next up finds out what became of it`)),
        ...unconfirmed.map((address) => row("no alerts", `${address} has not confirmed its subscription`)),
        ...standIns.map((what) => row("NOT AWS", what)),
        ...unasked.map(({ what, why }) => row("not asked", `${what}: ${why}`)),
    ];
}

function describeEndpoint({ name, status, modelVersion, approvedVersion, memoryMiB, maxConcurrency }: EndpointStatus): string {
    const settings = memoryMiB === undefined ? "" : `, ${memoryMiB} MiB, concurrency ${maxConcurrency ?? "unknown"}`;
    const model = modelVersion === undefined ? "" : `, model ${modelVersion}`;
    const approved = approvedVersion === undefined || approvedVersion === modelVersion ? "" : `, approved is ${approvedVersion}`;
    return `${name}: ${status === "none" ? "no endpoint" : status}${model}${settings}${approved}`;
}

function describeRun({ name, status, startedAt, endedAt, reason }: RunStatus): string {
    const times = `${startedAt === undefined ? "" : `, began ${startedAt}`}${endedAt === undefined ? "" : `, ended ${endedAt}`}`;
    return `${name}: ${status}${times}${reason === undefined ? "" : ` (${reason})`}`;
}

function optional(name: string, text: string | undefined): readonly string[] {
    return text === undefined ? [] : [row(name, text)];
}

function row(name: string, text: string): string {
    return `  ${name.padEnd("challenger".length)}  ${text}`;
}
