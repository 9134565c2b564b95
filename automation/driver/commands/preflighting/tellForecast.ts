/** Tells what the deployment would take and cost, from the graphs that the preflight has looked at. */
import { writeFile } from "node:fs/promises";
import { displayPath } from "../../../displayPath.ts";
import { describeError } from "../../../errorReport.ts";
import { OperatorError } from "../../../errors.ts";
import type { PhaseContext } from "../../../phases/phase.ts";
import { forecast } from "../../../preflight/forecast/forecast.ts";
import { renderForecast, serializeForecast } from "../../../preflight/forecast/renderForecast.ts";
import { loadCheckedRules } from "../../../preflight/runPreflight.ts";
import type { ForecastOptions } from "../../options.ts";

/** What of a phase's context a forecast is made of. */
export type ForecastContext = Pick<PhaseContext, "stack" | "config" | "recordPlans"> & { readonly aws: Pick<PhaseContext["aws"], "target"> };

/** @throws OperatorError when the file cannot be written */
export async function tellForecast({ load, file }: ForecastOptions, context: ForecastContext, print: (text: string) => void): Promise<void> {
    const { stack, config, aws, recordPlans } = context;
    const [plans, rules] = await Promise.all([recordPlans(), loadCheckedRules()]);
    const found = await forecast({ stack, config, load, region: aws.target.region, plans, rules });
    print(["", ...renderForecast(found), ""].join("\n"));
    if (file === undefined) return;
    await writeFile(file, `${serializeForecast(found)}\n`).catch((error: unknown) => {
        const [reason = ""] = describeError(error).split("\n");
        const what = `--forecast-file: ${displayPath(file)} cannot be written: ${reason}`;
        throw new OperatorError(what, "name a file in a folder that is there", { cause: error });
    });
}
