import { randomBytes } from "node:crypto";

/** What everything begins with that one verification sends: `verify-<12 hexadecimal characters>`. */
export function createMark(): string {
    return `verify-${randomBytes(6).toString("hex")}`;
}

/** Whether a verification chose it, this one or another. */
export function isMark(text: string): boolean {
    return /^verify-[0-9a-f]{12}$/.test(text);
}
