/** A load as it is given on the command line. */
import { OperatorError } from "../../errors.ts";
import type { Load } from "./load.ts";

const NAMES = {
    requests: "requests", rows: "rows", gb: "trainedGb", runs: "retrainRuns",
} as const satisfies Readonly<Record<string, keyof Load>>;
const FIX = `write some of ${Object.keys(NAMES).map((name) => `${name}=NUMBER`).join(",")}`;

/**
 * `requests=1000000,rows=5000000,gb=2,runs=8`, of which any may be left out.
 *
 * @throws OperatorError for a name that there is not, and for what is no number from 0 up
 */
export function parseLoad(text: string): Partial<Load> {
    const entries = text.split(",").map((part): readonly [keyof Load, number] => {
        const [, name = "", value = ""] = /^\s*(\w+)=([\d._]+(?:e\d+)?)\s*$/i.exec(part) ?? [];
        const number = Number(value.replaceAll("_", ""));
        if (!Object.hasOwn(NAMES, name) || value === "" || !Number.isFinite(number)) {
            throw new OperatorError(`--load: ${JSON.stringify(part)} says nothing of a month's work`, FIX);
        }
        return [NAMES[name as keyof typeof NAMES], number];
    });
    return Object.fromEntries(entries);
}
