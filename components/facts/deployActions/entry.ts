/** The shape of an entry in the table of what a deployment calls. */

/** Actions of one planned type, separated by blanks, without the prefix where it is the service's own. */
export interface DeployActions {
    /** IAM prefix: `s3`. */
    readonly service: string;
    /** Type of CloudFormation whose handlers' permissions these are. Absent: from memory. */
    readonly schema?: string;
    /**
     * ARNs, in which `{partition}`, `{region}`, `{account}`, `{prefix}` (what the stack's names begin with), `{path}` (of its parameters)
     * and `{bucket}` (each of its buckets) are filled in.
     */
    readonly on: readonly string[];
    readonly create: string;
    readonly read: string;
    readonly update?: string;
    readonly delete: string;
    readonly tag?: string;
    readonly besides?: string;
    /** Those that AWS answers for the whole account only, although the reference lists a resource type. */
    readonly everywhere?: string;
    /** Asked for right after the create, when KMS may not count new tags yet: https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html */
    readonly atOnce?: string;
    /** AWS chooses the ids, and the stack's tags tell its own: what changes or deletes is bound to them where the service can. */
    readonly isToldByTags?: true;
}

/** ARN of a regional resource, to be filled in. */
export const arn = (service: string, resource: string): string => `arn:{partition}:${service}:{region}:{account}:${resource}`;
