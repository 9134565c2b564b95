/** Messages as people met them, each with the public page on which it stands. Account numbers are replaced. */
import { readFileSync } from "node:fs";
import type { ErrorKind } from "../../../automation/cloudErrors/errorClass.ts";

export interface PublicMessage {
    readonly message: string;
    readonly source: string;
}

export interface RecordedError extends PublicMessage {
    readonly kind: ErrorKind;
    /** Id of its class. */
    readonly class: string;
    readonly failure?: string;
}

export const recordedErrors = read("recordedErrors.json") as readonly RecordedError[];

/** Of other products and other mistakes: no class knows them. */
export const foreignErrors = read("foreignErrors.json") as readonly PublicMessage[];

function read(name: string): unknown {
    return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
}
