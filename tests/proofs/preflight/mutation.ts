/** One thing that is made wrong in the real program, its configuration, an artifact or the account, and what must be found then. */
import type { RuleId } from "../../../automation/preflight/rule.ts";
import type { MutatedStack } from "../mutations/mutation.ts";
import type { Edit } from "./draft.ts";

/** `first`: nothing is deployed, and nobody has approved a model. `deployed`: the state holds all, and both models are approved. */
export type Occasion = "first" | "deployed";

export interface PreflightMutation {
    readonly rule: RuleId;
    /** What is wrong, for people. */
    readonly words: string;
    /** @default "dev" */
    readonly stack?: MutatedStack;
    /** @default "first" */
    readonly occasion?: Occasion;
    readonly edits: readonly Edit[];
    /** Where the finding must be, behind `<stack>/`; a text within it is enough. */
    readonly where: string;
    /** Rules that rightly find something too, each with why. @default none */
    readonly also?: Readonly<Partial<Record<RuleId, string>>>;
    /** How it is done to the command itself, when that is not by the inputs that the edits change. `refused`: the engine knows no such property. */
    readonly command?: CommandChange | "refused";
}

/** What of the project, or around it, is otherwise when the command runs. */
export interface CommandChange {
    /** A file of the project, in which the first text is replaced by the second. */
    readonly file?: { readonly path: string; readonly from: string; readonly to: string };
    readonly environment?: Readonly<Record<string, string>>;
}

export function stackOf({ stack = "dev" }: PreflightMutation): MutatedStack {
    return stack;
}

export function nameMutation({ rule, words }: PreflightMutation): string {
    return `${rule} ${words}`;
}
