/** Writes what a run of the preflight has told as SARIF, also when it could not look: a view that gets no file would keep the last one. */
import { writeFile } from "node:fs/promises";
import { pulumiStackOf } from "../../../../components/environmentName.ts";
import { displayPath } from "../../../displayPath.ts";
import { describeError } from "../../../errorReport.ts";
import { OperatorError } from "../../../errors.ts";
import { buildSarif } from "../../../preflight/render/sarif.ts";
import { loadRules } from "../../../preflight/runPreflight.ts";
import type { TimedEvent } from "../../../progress/reporter.ts";
import type { DriverOptions } from "../../options.ts";
import { readVersions } from "../../versions.ts";

/** How the run went. */
export interface SarifRun {
    readonly options: DriverOptions;
    readonly projectFolder: string;
    /** Masked. */
    readonly events: readonly TimedEvent[];
    readonly exitCode: number;
    /** Masked. */
    readonly failure?: string;
}

/** @throws OperatorError when the file cannot be written */
export async function writeSarif(file: string, { options, projectFolder, events, exitCode, failure }: SarifRun): Promise<void> {
    const result = events.findLast((event) => event.kind === "preflight")?.result;
    const [rules, versions] = await Promise.all([loadRules(), readVersions(projectFolder)]);
    const log = buildSarif({
        stack: pulumiStackOf(options), stackFile: `Pulumi.${options.stack}.yaml`, version: versions["firstlight"] ?? "", rules, exitCode,
        isStrict: options.ruleChoice.isStrict, ...(result === undefined ? {} : { result }), ...(failure === undefined ? {} : { failure }),
    });
    await writeFile(file, `${JSON.stringify(log, undefined, 2)}\n`).catch((error: unknown) => {
        throw new OperatorError(`--sarif: ${displayPath(file)} cannot be written: ${describeError(error).split("\n")[0] ?? ""}`, "name a file in a folder that is there", { cause: error });
    });
}
