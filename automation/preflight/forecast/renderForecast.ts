/** A forecast as people read it, and as programs do. */
import { wrapLine } from "../../report/wrapLine.ts";
import type { Forecast } from "./forecast.ts";
import { renderPrices } from "./renderPrices.ts";
import { renderTimes } from "./renderTimes.ts";

const WIDTH = 100;

/** Lines of at most 100 characters, but for addresses, which stay whole. */
export function renderForecast(found: Forecast): readonly string[] {
    return [...renderTimes(found), "", ...renderPrices(found)].flatMap((line) => wrapLine(line, WIDTH));
}

/** One document: seconds, US dollars, and for each price where and of when it is. */
export function serializeForecast(found: Forecast): string {
    return JSON.stringify(found, undefined, 2);
}
