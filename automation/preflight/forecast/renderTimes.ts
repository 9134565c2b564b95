/** How long it takes, along what, and what waits without need. */
import type { DurationRange } from "../../../components/facts/provisioningTimes.ts";
import type { DeploymentTime, TimeForecast } from "./deploymentTime.ts";
import type { Forecast } from "./forecast.ts";
import type { GraphTime } from "./graphTime.ts";
import type { IdleWait } from "./idleWaits.ts";
import type { RunTime } from "./pipelineTime.ts";

const NAME_WIDTH = 55;
const TIME_WIDTH = 11;

export function renderTimes({ stack, times, idleWaits }: Forecast): readonly string[] {
    return [
        `Expected times of ${stack}: quickest, usual, longest`,
        `From ${times.source} of ${times.asOf}. #n: pull request of terraform-provider-aws whose tests tell times; the rest are estimates.`,
        "",
        ...renderDeployment("First deployment", times.first),
        "",
        ...renderDeployment("A deployment that changes nothing", times.unchanged),
        "",
        ...renderGraph("up", times.up),
        ...renderIdleWaits(idleWaits.up),
        "",
        ...renderRun(times),
        ...renderGraph("enable-endpoints", times.endpoints),
        ...renderIdleWaits(idleWaits["enable-endpoints"]),
        "",
        "All that waits for nothing is counted as made at once, without the limits that AWS sets on calls.",
        "The longest is a chain in which all is slow; a model that cannot be loaded takes an hour (F02).",
    ];
}

function renderDeployment(title: string, { seconds, phases }: DeploymentTime): readonly string[] {
    return [
        row(title, seconds),
        ...phases.flatMap(({ phase, seconds: whole, parts }) => [
            row(`  ${phase}`, whole),
            ...(parts.length === 1 ? [] : parts.map(({ what, seconds: part }) => row(`    ${what}`, part))),
        ]),
    ];
}

function renderGraph(phase: string, { path, seconds, oneByOne, changes }: GraphTime): readonly string[] {
    return [
        row(`Critical path of ${phase}`, seconds),
        ...path.map(({ name, type, seconds: own, source }) => `${row(`  ${shortType(type)} ${name}`, own)}  ${shortSource(source)}`),
        `  ${changes} resources are made; one after the other they would take ${formatSeconds(oneByOne.typical)}.`,
    ];
}

function renderRun({ run }: TimeForecast): readonly string[] {
    if (run === undefined) return ["The pipeline's definition is not known before the deployment: train is as a whole from the table.", ""];
    const calls = run.steps.filter(({ isJob }) => !isJob);
    return [
        row("First run of the pipeline, both variants", run.seconds),
        ...run.steps.filter(({ isJob }) => isJob).map(({ state, seconds }) => row(`  ${state}`, seconds)),
        row(`  ${calls.length} calls of functions and services`, totalOf(calls)),
        "",
    ];
}

function totalOf(steps: RunTime["steps"]): DurationRange {
    const sum = (bound: keyof DurationRange): number => steps.reduce((total, { seconds }) => total + seconds[bound], 0);
    return { min: sum("min"), typical: sum("typical"), max: sum("max") };
}

function renderIdleWaits(waits: readonly IdleWait[]): readonly string[] {
    if (waits.length === 0) return ["  Everything on it uses what it waits for."];
    return ["  What waits on it for something that it does not use:", ...waits.flatMap(renderIdleWait)];
}

function renderIdleWait(wait: IdleWait): readonly string[] {
    const gain = wait.savesSeconds === 0 ? "nothing is quicker" : `${formatSeconds(wait.savesSeconds)} less`;
    const [waiter, waited] = [`${wait.waiter} (${shortType(wait.waiterType)})`, `${wait.waited} (${shortType(wait.waitedType)})`];
    const reasons = wait.demandedBy.map(({ id, what }) => `    ${id} wants it; without it: ${what}`);
    return [`  - ${waiter} for ${waited}: ${explain(wait)}; without it and its like ${gain}`, ...reasons];
}

function explain({ because, component, demandedBy }: IdleWait): string {
    if (because === "component") return `it uses an output of the component ${component ?? ""}, whose package answers when all of it is there`;
    if (because === "parent") return "it stands under it";
    return demandedBy.length === 0 ? "dependsOn says so, and no rule wants it" : "dependsOn says so";
}

function row(label: string, { min, typical, max }: DurationRange): string {
    return `${label.padEnd(NAME_WIDTH)}${[min, typical, max].map((each) => formatSeconds(each).padStart(TIME_WIDTH)).join("")}`;
}

/** `45 s`, `4 min 10 s`, `12 min`, `1 h 5 min`. */
export function formatSeconds(seconds: number): string {
    const whole = Math.round(seconds);
    if (whole < 120) return `${whole} s`;
    if (whole < 600) return `${Math.floor(whole / 60)} min${whole % 60 === 0 ? "" : ` ${whole % 60} s`}`;
    const minutes = Math.round(whole / 60);
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function shortType(type: string): string {
    return type.split(":").at(-1) ?? type;
}

function shortSource(source: string): string {
    const pull = /terraform-provider-aws\/pull\/(\d+)$/.exec(source)?.[1];
    return pull === undefined ? source : `#${pull}`;
}
