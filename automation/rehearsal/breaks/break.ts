/** The shape of a failure on demand. One failure is one file; knowing one is knowing all. */
import type { InputTransformation } from "../../engine/embedded/inputTransformation.ts";
import type { RuleId } from "../../preflight/rule.ts";
import type { PhaseName } from "../../progress/reporter.ts";
import type { BreakWorld } from "./breakWorld.ts";

/** `audit` is no phase of a deployment: it stands for whoever looks at a stack that came up green. */
export type BreakPhase = PhaseName | "audit";

export interface BreakSetup {
    /** Sections of the stack's configuration that are laid over it: `{ training: { private: true } }`. */
    readonly configuration?: Readonly<Record<string, object>>;
    /** Path of the program from the project's folder. @default "index.ts" */
    readonly program?: string;
}

export interface Break {
    readonly id: RuleId;
    /** What is done, as a person would have done it by mistake. */
    readonly what: string;
    /** What must be there before: nothing, a sound stack, or a trained and approved model. */
    readonly needs: "nothing" | "stack" | "model";
    /** The first phase that is tried. @default by `needs`: up when nothing is there, else enable-endpoints */
    readonly from?: PhaseName;
    /** Where it breaks: the last phase that is tried. */
    readonly stopsAt: BreakPhase;
    /** Names of the checks of verify that are run when it breaks there: the one that finds it is enough. @default all */
    readonly checks?: readonly string[];
    /** What the person reads there. */
    readonly message: RegExp;
    /** How long a person waits for it on AWS, in words: `after up to an hour`. */
    readonly onAws: string;
    /** Where that message is reported or documented in public, or how it was measured. */
    readonly source: string;
    /** Changes what the program asks for. */
    readonly transformInputs?: InputTransformation;
    /** Brings the account into the broken state. */
    inject?(world: BreakWorld): Promise<void>;
    /** What a person does who looks at a stack that came up green; throws what they find. @default reads the policies of all roles */
    audit?(world: BreakWorld): Promise<void>;
    /** A stack of its own for this failure: it takes another configuration, or another program, from the start. */
    readonly setup?: BreakSetup;
    /** Undoes it, so that the next failure starts from a sound stack. */
    heal?(world: BreakWorld): Promise<void>;
}
