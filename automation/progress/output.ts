/** A stream that text is written to: a terminal when it says so. */
export interface Output {
    write(text: string): unknown;
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
}
