/** How long a deployment takes, phase by phase: the first one, and one in which nothing changes. Pure. */
import { engineTimes, expectState, phaseTimes, PROVISIONING_TIMES_AS_OF, uploadTimes } from "../../../components/facts/provisioningTimes.ts";
import type { DurationRange } from "../../../components/facts/provisioningTimes.ts";
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { Plan } from "../../engine/engine.ts";
import { STATE_MACHINE } from "../planReading/definitions.ts";
import type { Plans } from "../rule.ts";
import { forecastGraph } from "./graphTime.ts";
import type { GraphTime } from "./graphTime.ts";
import { forecastRun } from "./pipelineTime.ts";
import type { RunTime } from "./pipelineTime.ts";
import { addRanges } from "./ranges.ts";
import { findWaits } from "./waits.ts";

export type ForecastPhase = Exclude<keyof typeof phaseTimes, "destroy">;

export interface PhaseTime {
    readonly phase: ForecastPhase;
    readonly seconds: DurationRange;
    /** What the time is made of, in words. */
    readonly parts: readonly { readonly what: string; readonly seconds: DurationRange }[];
}

export interface DeploymentTime {
    readonly seconds: DurationRange;
    readonly phases: readonly PhaseTime[];
}

export interface TimeForecast {
    readonly first: DeploymentTime;
    readonly unchanged: DeploymentTime;
    /** Of the phase `up`: everything but endpoints. */
    readonly up: GraphTime;
    /** Of the phase `enable-endpoints`: what the second graph has and the first has not. */
    readonly endpoints: GraphTime;
    /** The first run of the pipeline, which trains both variants; undefined when the plan does not tell its definition. */
    readonly run?: RunTime;
    /** Where the times stand, and when they were put together. */
    readonly source: string;
    readonly asOf: string;
}

const ENGINE = "CLI, program, and the look at what exists";

export function forecastTimes({ asIs, endpointsOn }: Plans): TimeForecast {
    const existing = new Set(asIs.resources.map(({ urn }) => urn));
    const up = forecastGraph(asIs.resources, findWaits(asIs));
    const endpoints = forecastGraph(endpointsOn.resources.filter(({ urn }) => !existing.has(urn)), findWaits(endpointsOn));
    const run = forecastFirstRun(asIs);
    return {
        first: totalOf([
            wholePhase("preflight"),
            phaseOf("up", [ENGINE, engineTimes], ["the longest chain of resources", up.seconds]),
            run === undefined
                ? wholePhase("train")
                : phaseOf("train", ["upload and event", uploadTimes], ["the run's own states", run.seconds]),
            phaseOf("enable-endpoints", [ENGINE, engineTimes], ["the longest chain of resources", endpoints.seconds]),
            wholePhase("verify"),
        ]),
        unchanged: totalOf([
            wholePhase("preflight"),
            phaseOf("up", [ENGINE, engineTimes]),
            phaseOf("train", ["the run of the same data is found", expectState("")]),
            phaseOf("enable-endpoints", [ENGINE, engineTimes]),
            wholePhase("verify"),
        ]),
        up, endpoints,
        ...(run === undefined ? {} : { run }),
        source: "components/facts/provisioningTimes.ts",
        asOf: PROVISIONING_TIMES_AS_OF,
    };
}

function forecastFirstRun({ resources }: Plan): RunTime | undefined {
    const definition = resources.find(({ type }) => type === STATE_MACHINE)?.inputs["definition"];
    return typeof definition === "string" ? forecastRun(definition, VARIANTS.length) : undefined;
}

/** From the table, as a whole: nothing in the plan says more. */
function wholePhase(phase: ForecastPhase): PhaseTime {
    return { phase, seconds: phaseTimes[phase], parts: [{ what: "as a whole, from the table", seconds: phaseTimes[phase] }] };
}

function phaseOf(phase: ForecastPhase, ...parts: readonly (readonly [string, DurationRange])[]): PhaseTime {
    const seconds = addRanges(...parts.map(([, each]) => each));
    return { phase, seconds, parts: parts.map(([what, each]) => ({ what, seconds: each })) };
}

function totalOf(phases: readonly PhaseTime[]): DeploymentTime {
    return { seconds: addRanges(...phases.map(({ seconds }) => seconds)), phases };
}
