/** What an error of the engine or the cloud means, and what follows from it. */

/** `retry` passes by itself, `operator` needs a change on this side, `cloud` needs one in the account or at AWS. */
export type ErrorKind = "retry" | "operator" | "cloud";

export interface ErrorClass {
    /** Stable, in words: `function-role-not-yet-assumable`. */
    readonly id: string;
    readonly kind: ErrorKind;
    /** Of the failure catalogue, where it is in it: `F22`. */
    readonly failure?: string;
    /** Found in the message. Repetitions are bounded, so that a long message costs no more than its length. */
    readonly words: RegExp;
    /** What happened, for people. `{action}` stands for what the group of that name in `words` found. */
    readonly what: string;
    readonly fix: string;
    /** Public page on which the message stands. */
    readonly source: string;
}

/** A class without its kind: the files of the table hold one kind each. */
export type ErrorEntry = Omit<ErrorClass, "kind">;

export function ofKind(kind: ErrorKind, entries: readonly ErrorEntry[]): readonly ErrorClass[] {
    return entries.map((entry) => ({ ...entry, kind }));
}
