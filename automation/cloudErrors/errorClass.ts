/** What an error of the engine or the cloud means, and what follows from it. */

/** `retry` passes by itself, `operator` needs a change on this side, `cloud` needs one in the account or at AWS. */
export type ErrorKind = "retry" | "operator" | "cloud";

export interface ErrorClass {
    /** Stable, in words: `role-not-yet-assumable`. */
    readonly id: string;
    readonly kind: ErrorKind;
    /** Of the failure catalogue, where it is in it: `F21`. */
    readonly failure?: string;
    /** Found in the message. */
    readonly words: RegExp;
    /** What happened, for people. */
    readonly what: string;
    readonly fix: string;
    /** Public page on which the message stands. */
    readonly source: string;
}
