/** Arithmetic with durations, in seconds. */
import type { DurationRange } from "../../../components/facts/provisioningTimes.ts";

export const NO_TIME: DurationRange = { min: 0, typical: 0, max: 0 };

/** One after the other. */
export function addRanges(...ranges: readonly DurationRange[]): DurationRange {
    return {
        min: sum(ranges.map(({ min }) => min)), typical: sum(ranges.map(({ typical }) => typical)), max: sum(ranges.map(({ max }) => max)),
    };
}

/** Side by side: the longest counts. */
export function widestOf(...ranges: readonly DurationRange[]): DurationRange {
    return {
        min: Math.max(0, ...ranges.map(({ min }) => min)), typical: Math.max(0, ...ranges.map(({ typical }) => typical)),
        max: Math.max(0, ...ranges.map(({ max }) => max)),
    };
}

export function repeatRange({ min, typical, max }: DurationRange, times: number): DurationRange {
    return { min: min * times, typical: typical * times, max: max * times };
}

function sum(numbers: readonly number[]): number {
    return numbers.reduce((total, each) => total + each, 0);
}
