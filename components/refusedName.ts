/** How the program says that it refuses a name, and how that is read again on the other side of its process. */
import type { FailureId } from "./config/sectionReader.ts";

export interface RefusedName {
    /** Number in docs/failures.md. */
    readonly failure: FailureId;
    /** Name of the resource in the program. */
    readonly resource: string;
    readonly what: string;
    readonly fix: string;
}

export function renderRefusedName({ failure, resource, what, fix }: RefusedName): string {
    return `${failure} ${resource}: ${what}\n  fix: ${fix}\n  see: docs/failures.md#${failure.toLowerCase()}`;
}

/** Whatever an engine writes around it. Undefined for every other text. */
export function parseRefusedName(text: string): RefusedName | undefined {
    const [, failure, resource, what, fix, anchor] = /\b(F\d+) (\S+): (.+)\n {2}fix: (.+)\n {2}see: docs\/failures\.md#(f\d+)/.exec(text) ?? [];
    if (failure === undefined || failure.toLowerCase() !== anchor || resource === undefined || what === undefined || fix === undefined) return undefined;
    return { failure: failure as FailureId, resource, what, fix };
}
