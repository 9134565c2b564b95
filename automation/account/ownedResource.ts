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
}
