/** A preflight of settings that are refused. */
import { CONFIG_PREFIX, ConfigError } from "../../../../components/config.ts";
import { PreflightError } from "../../../phases/preflightError.ts";
import type { RefusedRun } from "../command.ts";
import { tellRefusals } from "./tellRefusals.ts";

/** What the run ends with: the error itself, unless failures of the catalogue are in it. All others stand in its text. */
export async function lookAtRefusedSettings(error: unknown, run: RefusedRun): Promise<unknown> {
    if (!(error instanceof ConfigError)) return error;
    const told = await tellRefusals(error.findings.map(({ key, ...finding }) => {
        const setting = key.startsWith(CONFIG_PREFIX) ? key.slice(CONFIG_PREFIX.length) : undefined;
        return { ...finding, where: setting ?? key, ...(setting === undefined ? {} : { setting }) };
    }), run);
    const rest = error.findings.filter(({ failure }) => told?.findings.some(({ id }) => id === failure) !== true);
    if (told === undefined || rest.length === 0) return told ?? error;
    return new PreflightError(`${told.message}\n${new ConfigError(run.options.stack, rest).message}`, told.findings);
}
