/** The live view's lines. Pure: the same model at the same time on the same screen gives the same lines. */
import { endpointTimes, phaseTimes } from "../../../components/facts/provisioningTimes.ts";
import type { DurationRange } from "../../../components/facts/provisioningTimes.ts";
import { formatSeconds } from "../eventLines.ts";
import { columnsOf } from "./columns.ts";
import type { Activity, EndpointProgress, OperationTally, PhaseProgress, RunModel } from "./runModel.ts";

export interface Screen {
    /** Columns and lines. */
    readonly width: number;
    readonly height: number;
}

/** More would push what was said off the screen. */
const MAX_LINES = 16;
/** Kept for the lines above and for the cursor. */
const SPARED_LINES = 4;
const MIN_LINES = 2;
const MORE = "~";
const TIME_WIDTH = "15 min of 15 min".length;
const LANE_WIDTH = "challenger".length;
const INDENT = " ".repeat(TIME_WIDTH + LANE_WIDTH + 4);

/** Nothing while nothing is going on. No line is longer than the screen is wide, less one: a terminal may wrap a full line. */
export function renderRun(model: RunModel, now: number, { width, height }: Screen): readonly string[] {
    if (model.current === undefined && model.waiting === undefined) return [];
    const room = Math.max(MIN_LINES, Math.min(MAX_LINES, height - SPARED_LINES));
    const head = [renderPhases(model, now), ...renderHead(model, now)].slice(0, room);
    const activities = [
        ...renderStates(model, now), ...model.endpoints.map((endpoint) => renderEndpoint(endpoint, now)),
    ].slice(0, room - head.length);
    const resources = renderResources(model, now, room - head.length - activities.length);
    return [...head, ...activities, ...resources].map((line) => cutTo(line, width - 1));
}

/** `1 min 2 s | preflight 21.8 s | up 40.2 s` */
function renderPhases({ phases, startedAt }: RunModel, now: number): string {
    const parts = phases.map((phase) => `${phase.phase} ${phase.status === "started" || phase.status === "done" ? "" : `${phase.status} `}${formatSeconds(elapsedOf(phase, now))}`);
    return [formatSeconds(now - startedAt), ...parts].join(" | ");
}

function elapsedOf({ startedAt, durationMs }: PhaseProgress, now: number): number {
    return durationMs ?? now - startedAt;
}

function renderHead({ current, waiting, tally, resources }: RunModel, now: number): readonly string[] {
    if (waiting !== undefined) return [waiting.replaceAll(/\s+/g, " ")];
    if (current === undefined) return [];
    const counts = [...describeTally(tally), ...(resources.length === 0 ? [] : [`${resources.length} in flight`])];
    return [`${current.phase}: ${[...counts, describeUsual(current, now)].join(", ")}`];
}

function describeUsual({ phase, startedAt }: PhaseProgress, now: number): string {
    const { typical, max }: DurationRange = phaseTimes[phase];
    return now - startedAt > max * 1000 ? `longer than usual (at most ${formatRough(max)})` : `usually ${formatRough(typical)}`;
}

function describeTally({ done, failed, unchanged }: OperationTally): readonly string[] {
    const parts = [[done - unchanged, "done"], [unchanged, "unchanged"], [failed, "FAILED"]] as const;
    return parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
}

function renderStates({ states }: RunModel, now: number): readonly string[] {
    return states.map(({ lane, activity }) => renderActivity({ activity, what: activity.state.replace(/ \(\w+\)$/, ""), lane }, now));
}

function renderEndpoint({ endpoint, status, since }: EndpointProgress, now: number): string {
    if (!/ing$/.test(status)) return `${INDENT.slice(LANE_WIDTH + 1)}${"endpoint".padEnd(LANE_WIDTH)} ${endpoint} ${status}`;
    return renderActivity({ activity: { startedAt: since, usual: endpointTimes }, what: `${endpoint} ${status}`, lane: "endpoint" }, now);
}

function renderResources({ resources }: RunModel, now: number, room: number): readonly string[] {
    if (room <= 0) return [];
    const shown = resources.length <= room ? resources : resources.slice(0, room - 1);
    const lines = shown.map((activity) => renderActivity({
        activity, what: `${activity.name} (${shortTypeOf(activity.type)})`, lane: activity.operation,
    }, now));
    return shown.length === resources.length ? lines : [...lines, `${INDENT}and ${resources.length - shown.length} more`];
}

interface ActivityLine {
    readonly activity: Activity;
    readonly what: string;
    /** What stands before it: an operation, a variant. */
    readonly lane: string;
}

/** `    3.1 s of 10 s   create      raw (s3 Bucket)`; what takes longer than it should begins with a mark, which no cut takes away. */
function renderActivity({ activity: { startedAt, usual }, what, lane }: ActivityLine, now: number): string {
    const isLong = now - startedAt > usual.max * 1000;
    const time = `${formatRough((now - startedAt) / 1000)} of ${formatRough(usual.typical)}`;
    return `${isLong ? "!" : " "} ${time.padEnd(TIME_WIDTH)} ${lane.padEnd(LANE_WIDTH)} ${what}${isLong ? `, longer than usual (at most ${formatRough(usual.max)})` : ""}`;
}

/** Whole seconds below two minutes, then whole minutes: these are no exact numbers. */
export function formatRough(seconds: number): string {
    return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** `s3 Bucket` of `aws:s3/bucket:Bucket`, `random RandomId` of `random:index/randomId:RandomId`. */
export function shortTypeOf(type: string): string {
    return `${serviceOf(type)} ${type.split(":").at(-1) ?? ""}`;
}

/** The AWS service, or whose type it is. */
export function serviceOf(type: string): string {
    const [vendor = type, module = ""] = type.split(":");
    return vendor === "aws" ? module.split("/")[0] ?? module : vendor;
}

/** Cut, never wrapped: a wrapped line would be one more than are erased. What moves a cursor is left out. */
export function cutTo(line: string, width: number): string {
    const text = line.replaceAll(/\p{Cc}/gu, " ");
    if (columnsOf(text) <= width) return text;
    let cut = "";
    for (const character of text) {
        if (columnsOf(cut + character) > width - 1) break;
        cut += character;
    }
    return width <= 0 ? "" : cut + MORE;
}
