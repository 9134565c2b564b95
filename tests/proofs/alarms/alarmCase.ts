/** What is looked at for false alarms. */
import type { UserSettings } from "./userFolder.ts";

/** `fixed` is a stack after the fix that its blocker names. */
export type CaseGroup = "stack" | "fixed" | "set-up" | "name";

export interface AlarmCase {
    /** `stack prod cn-north-1`. */
    readonly id: string;
    readonly group: CaseGroup;
    readonly region: string;
    readonly settings: UserSettings;
    /** ENVIRONMENT_SUFFIX. */
    readonly suffix?: string;
    /** What the refusal says, of a name that is to be refused before anything is planned. @default it is taken */
    readonly refusal?: RegExp;
    /** Settings that are not left to their defaults, for counting. */
    readonly keys: readonly string[];
}
