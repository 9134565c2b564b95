/** A preflight of a program that refuses itself: names that another environment may have, or that their service does not take. */
import { parseRefusedName } from "../../../../components/refusedName.ts";
import { EngineError } from "../../../engine/engine.ts";
import type { RefusedRun } from "../command.ts";
import { tellRefusals } from "./tellRefusals.ts";

/** What the run ends with: the error itself, unless it is one of these. */
export async function lookAtRefusedProgram(error: unknown, run: RefusedRun): Promise<unknown> {
    // The program has a process of its own: its text is all that is heard of it.
    const refusal = error instanceof EngineError ? parseRefusedName(error.message) : undefined;
    if (refusal === undefined) return error;
    const { resource, ...finding } = refusal;
    return await tellRefusals([{ ...finding, where: resource }], run) ?? error;
}
