/** Makes names out of what people call their stacks and pull requests. */
import { shortHash } from "./naming.ts";

/** Lower case, only letters, digits and single hyphens, none at the ends. */
export function cleanName(name: string): string {
    return name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

/**
 * A stack's name for names. One that cleaning changes gets a hash of what it was, as a suffix does, so that `Dev` and `dev` stay different.
 */
export function cleanStack(stack: string): string {
    return cleanDistinctly(stack);
}

/**
 * A suffix for names, with a hyphen before it: `dev` with `a` becomes `dev--a`, which no stack is called, since cleaned names have no two
 * hyphens in a row. One that cleaning changes gets a hash of what it was, so that `PR_1` and `pr-1` stay different; so does one
 * that looks as if it had such a hash already.
 */
export function cleanSuffix(suffix: string): string {
    return `-${cleanDistinctly(suffix)}`;
}

/** A stack as its file is called, and the suffix of an environment beside it. */
export interface StackName {
    /** `dev`, of `Pulumi.dev.yaml`. */
    readonly stack: string;
    /** As somebody gave it: `PR_7`. */
    readonly suffix?: string;
}

/** Between a stack and the suffix of a pull request's environment in the name of a Pulumi stack. */
const SUFFIX_MARK = "--";

/**
 * The Pulumi stack of an environment: `dev`, or `dev--PR_7`. Each has a state of its own: with a suffix in the state of `dev`, an `up` would
 * replace everything that `dev` holds.
 */
export function pulumiStackOf({ stack, suffix }: StackName): string {
    return suffix === undefined || suffix === "" ? stack : `${stack}${SUFFIX_MARK}${suffix}`;
}

/** What the name of a Pulumi stack says. */
export function splitPulumiStack(name: string): StackName {
    const at = name.indexOf(SUFFIX_MARK);
    return at <= 0 ? { stack: name } : { stack: name.slice(0, at), suffix: name.slice(at + SUFFIX_MARK.length) };
}

function cleanDistinctly(name: string): string {
    const cleaned = cleanName(name);
    const isOwn = cleaned === name && !/(^|-)[0-9a-f]{6}$/.test(name);
    return isOwn ? name : [cleaned, shortHash(name)].filter((part) => part !== "").join("-");
}
