/**
 * What the conditions of a statement come to:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
 */
import type { Statement } from "../planReading/statements.ts";
import { covers, textsOf } from "../planReading/statements.ts";

type Conditions = Statement["conditions"];

/** Operators under which a key that is missing, or another value, keeps the caller out. */
const BINDING_OPERATORS = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/i;

/** The values to which a statement binds a key; undefined when it does not bind it. IAM ignores case in keys. */
export function boundValues(conditions: Conditions, key: string): readonly string[] | undefined {
    const bound = Object.entries(conditions).filter(([operator]) => BINDING_OPERATORS.test(operator)).flatMap(([, keys]) => (
        Object.entries(keys).filter(([name]) => name.toLowerCase() === key.toLowerCase()).map(([, value]) => textsOf(value))));
    return bound.find((values) => values.length > 0);
}

/** Keys that tell who calls. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html (what is public) */
const CALLER_KEYS = [
    "aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceAccount", "aws:SourceArn",
    "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner", "aws:SourceVpc", "aws:SourceVpce", "aws:SourceIp", "aws:userid",
    "kms:CallerAccount", "s3:DataAccessPointAccount", "s3:DataAccessPointArn",
];
const ANYTHING = /^[*?]*$|^0\.0\.0\.0\/0$|^::\/0$|^arn:[^:]*:[^:]*:[^:]*:[*?]*:[*?]*$/;

/** Whether a statement that is for everybody is so only for some, by a condition on who calls. */
export function tellsCaller(conditions: Conditions): boolean {
    return CALLER_KEYS.some((key) => boundValues(conditions, key)?.every((value) => !ANYTHING.test(value)) === true);
}

/** What a request carries, by key in lower case: one of these values, or nothing (`null`). What is not listed may be anything. */
export type RequestContext = Readonly<Record<string, readonly string[] | null>>;

/** Whether a request in this context may fulfil all conditions. False only when it is certain that it cannot. */
export function canHold(conditions: Conditions, context: RequestContext): boolean {
    return Object.entries(conditions).every(([operator, keys]) => Object.entries(keys).every(([key, value]) => {
        const carried = context[key.toLowerCase()];
        return carried === undefined || canMeet(operator, textsOf(value), carried);
    }));
}

function canMeet(operator: string, wanted: readonly string[], carried: readonly string[] | null): boolean {
    const [, set = "", plain = "", ifExists] = /^(ForAnyValue:|ForAllValues:)?(.*?)(IfExists)?$/i.exec(operator) ?? [];
    if (/^Null$/i.test(plain)) return wanted.includes(String(carried === null));
    const isNegated = /^\w+Not\w+$/i.test(plain);
    if (carried === null) return isNegated || ifExists !== undefined || /^ForAllValues:$/i.test(set);
    const matches = (value: string): boolean => wanted.some((pattern) => compare(plain, pattern, value));
    // Dates, numbers and addresses are not compared here: they may hold.
    if (!/^(String|Arn|Bool)/i.test(plain)) return true;
    return carried.some((value) => matches(value) !== isNegated);
}

function compare(operator: string, pattern: string, value: string): boolean {
    if (/Like$|^Arn/i.test(operator) || /^Bool|IgnoreCase$/i.test(operator)) return covers(pattern, value);
    return pattern === value;
}
