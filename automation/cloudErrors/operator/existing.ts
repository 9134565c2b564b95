/** What exists already: made by a run whose state is lost, or by somebody else (F22). */
import type { ErrorEntry } from "../errorClass.ts";

const ADOPT = "take it into the state with `node automation/deploy.ts adopt --stack STACK`; if it is not wanted, delete it";

/** Of a resource whose name only this account can have given. */
function existing(id: string, kindOfThing: string, found: Pick<ErrorEntry, "words" | "source">): ErrorEntry {
    return {
        id, failure: "F22", ...found, fix: ADOPT,
        what: `the account has ${kindOfThing} of that name which the state does not know: it was made by a run whose state is lost, or by hand`,
    };
}

export const existingEntries: readonly ErrorEntry[] = [
    existing("bucket-exists", "a bucket", {
        words: /\bBucketAlreadyOwnedByYou\b/, source: "https://github.com/google/cloud-forensics-utils/issues/442",
    }),
    {
        id: "bucket-name-taken", failure: "F22",
        words: /\bBucketAlreadyExists\b/,
        what: "a bucket of that name belongs to another account: names of buckets are unique in all of AWS",
        fix: "give the stack another name; the names of its buckets carry it",
        source: "https://github.com/s3tools/s3cmd/issues/1079",
    },
    existing("role-exists", "a role", {
        words: /\bEntityAlreadyExists(?:Exception)?\b/, source: "https://github.com/milliHQ/terraform-aws-next-js/issues/326",
    }),
    existing("function-exists", "a function", {
        words: /\bFunction already exist/, source: "https://github.com/hashicorp/terraform-provider-aws/issues/1524",
    }),
    existing("log-group-exists", "a log group", {
        words: /The specified log group already exists/,
        source: "https://github.com/hashicorp-education/learn-terraform-aws-control-tower-aft/issues/11",
    }),
    existing("table-exists", "a table", {
        words: /\bTable already exists: /, source: "https://github.com/Coalfire-Research/npk/issues/42",
    }),
    existing("key-alias-exists", "a key alias", {
        words: /An alias with the name \S{1,300} already exists/,
        source: "https://github.com/cloudbees-oss/terraform-aws-cloudbees-ci-eks-addon/issues/66",
    }),
    existing("parameter-exists", "an SSM parameter", {
        words: /\bParameterAlreadyExists\b/, source: "https://github.com/garystafford/emr-demo/issues/1",
    }),
    existing("model-or-configuration-exists", "a model or endpoint configuration", {
        words: /Cannot create already existing (?:model|endpoint configuration) "/,
        source: "https://github.com/awslabs/spot-tagging-bot-for-digital-assets/issues/2",
    }),
    {
        id: "endpoint-exists", failure: "F02",
        words: /Cannot create already existing endpoint "/,
        what: "an endpoint of that name is there already: one that is still being deleted, one that failed, or one that the state does not know",
        fix: "`node automation/deploy.ts --stack STACK --from enable-endpoints` waits for deletions and removes failed endpoints; "
            + `else ${ADOPT}`,
        source: "https://github.com/ministryofjustice/modernisation-platform-environments/pull/9383",
    },
    existing("event-bus-or-rule-exists", "an event bus or rule", {
        words: /\bResourceAlreadyExistsException: Event bus /,
        source: "https://github.com/aws-ia/terraform-aws-control_tower_account_factory/issues/166",
    }),
];
