/** What somebody has to change on this side: credentials, configuration, the machine, the state. */
import type { ErrorClass } from "./errorClass.ts";

export const operatorClasses: readonly ErrorClass[] = [
    {
        id: "bucket-of-ours-exists", kind: "operator", failure: "F22",
        words: /BucketAlreadyOwnedByYou/,
        what: "the account has a bucket of that name which the state does not know: it was made by a run whose state is lost",
        fix: "take it into the state with `node automation/deploy.ts adopt --stack STACK`, or delete it",
        source: "https://github.com/ansible/ansible/issues/25995",
    },
];
