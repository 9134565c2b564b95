/** Makes names out of what people call their stacks and pull requests. */
import { shortHash } from "./naming.ts";

/** Lower case, only letters, digits and single hyphens, none at the ends. */
export function cleanName(name: string): string {
    return name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

/**
 * A suffix for names. One that cleaning changes gets a hash of what it was, so that `PR_1` and `pr-1` stay different; so does one
 * that looks as if it had such a hash already.
 */
export function cleanSuffix(suffix: string): string {
    const cleaned = cleanName(suffix);
    const isOwn = cleaned === suffix && !/(^|-)[0-9a-f]{6}$/.test(suffix);
    return isOwn ? suffix : `${cleaned}-${shortHash(suffix)}`;
}
