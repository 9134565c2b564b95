/** The cloud that both engines deploy to, each into its own: it fails where a case says so, and gives ids that do not depend on order. */
import { MemoryCloud } from "../../support/embeddedMemoryProvider.ts";

/** Where the cloud refuses. */
export interface PlannedFailure {
    readonly operation: "create" | "update" | "delete";
    /** Name of the resource in the program when it was created. */
    readonly name: string;
}

export class ComparisonCloud extends MemoryCloud {
    readonly #counters = new Map<string, number>();

    /** The n-th thing of a name, so that engines which make independent things in another order still give the same ids. */
    override newId(name: string): string {
        const count = (this.#counters.get(name) ?? 0) + 1;
        this.#counters.set(name, count);
        return `${name}/${count}`;
    }

    /** From now on this one call is refused; undefined refuses none. */
    refuse(failure: PlannedFailure | undefined): void {
        this.options = failure === undefined ? {} : {
            before: ({ kind, name }) => {
                if (kind === failure.operation && name === failure.name) throw new Error(`RequestRefused: no ${kind} of ${name} today`);
            },
        };
    }
}
