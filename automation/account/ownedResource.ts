/** A resource of the account that carries a stack's tags, whether or not any state knows it. */
export interface OwnedResource {
    readonly arn: string;
    /** Type token of Pulumi, for example `aws:s3/bucket:Bucket`; undefined for an ARN of a kind that this program never makes. */
    readonly type: string | undefined;
    /** As `pulumi import` takes it, where it follows from the ARN. */
    readonly id: string | undefined;
    /** Name or id for people. */
    readonly label: string;
    readonly tags: Readonly<Record<string, string>>;
    /** When AWS will have deleted it: keys of KMS wait for days, and nothing can shorten that. Absent for what lives. */
    readonly pendingUntil?: Date;
}

/** Whose resources are meant: the values of the tags `Project` and `Environment`, the latter with its suffix (`dev`, `dev--pr7`). */
export interface ResourceOwner {
    readonly project: string;
    readonly environment: string;
}
