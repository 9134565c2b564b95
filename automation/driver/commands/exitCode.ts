/** What a command's failure means to the shell. */
import { EXIT, exitCodeOf } from "../../errorReport.ts";
import { PhaseError } from "../../phases/phaseError.ts";
import { PreflightError } from "../../phases/preflightError.ts";
import type { Command } from "./command.ts";

/** @param command undefined when the line names none that there is */
export function exitCodeOfCommand(command: Pick<Command, "failureCode"> | undefined, error: unknown): number {
    const code = exitCodeOf(error);
    const isFound = error instanceof PreflightError || (error instanceof PhaseError && error.cause instanceof PreflightError);
    return code === EXIT.interrupted || isFound ? code : command?.failureCode ?? code;
}
