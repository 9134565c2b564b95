/** What passes by itself: the driver waits and does it again. */
import type { ErrorClass } from "./errorClass.ts";

export const retryClasses: readonly ErrorClass[] = [
    {
        id: "role-not-yet-assumable", kind: "retry",
        words: /The role defined for the function cannot be assumed by Lambda/,
        what: "Lambda does not know the new role yet: changes of IAM spread within seconds, now and then within a minute",
        fix: "run it again; if that does not help, look whether the role trusts lambda.amazonaws.com",
        source: "https://github.com/cloudposse/terraform-aws-lambda-function/issues/14",
    },
];
