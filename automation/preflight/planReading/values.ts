/** Values of a plan that are not known before the deployment. */
import { UNKNOWN } from "../../engine/provider.ts";

/** What `gathering/knownIds.ts` puts in the place of ids and ARNs. */
const STAND_IN = /<(?:hex\d*|[A-Za-z]+ of [^<>]+)>/;

/** Whether a value is unknown, or a text with a part that is. Undefined is known: the property is not there. */
export function isUnknown(value: unknown): boolean {
    return value === UNKNOWN || (typeof value === "string" && STAND_IN.test(value));
}

/** Name of the planned resource whose id or ARN a text begins with (`<arn of letters>:password::`), or undefined. */
export function readStandIn(value: string): string | undefined {
    return /^<[A-Za-z]+ of ([^<>]+)>/.exec(value)?.[1];
}
