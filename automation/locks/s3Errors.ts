/** What S3's refusals mean for a lock that is kept there. */
import { CloudRefusal, OperatorError } from "../errors.ts";

interface Place {
    readonly bucket: string;
    readonly key: string;
}

/** The error with what to do, where it is known; otherwise as it is. */
export function explainS3Error(error: unknown, { bucket, key }: Place): unknown {
    if (!(error instanceof Error)) return new CloudRefusal(`the driver's lock s3://${bucket}/${key}: the answer carried no ETag`);
    const what = `the driver's lock s3://${bucket}/${key} cannot be written or read: ${error.name}: ${error.message}`;
    switch (error.name) {
        case "AccessDenied":
        case "Forbidden":
            return new CloudRefusal(what, `allow s3:GetObject, s3:PutObject and s3:DeleteObject on ${bucket}/*, s3:ListBucket on ${bucket}, `
                + "and kms:Decrypt and kms:GenerateDataKey on its key: what Pulumi needs for the state as well", { cause: error });
        case "NoSuchBucket":
            return new OperatorError(what, "make the state bucket with `node automation/deploy.ts bootstrap`, or correct PULUMI_BACKEND_URL", { cause: error });
        case "PermanentRedirect":
        case "AuthorizationHeaderMalformed":
            return new OperatorError(what, "name the bucket's own region in PULUMI_BACKEND_URL: ?region=", { cause: error });
        case "CredentialsProviderError":
        case "ExpiredToken":
        case "InvalidAccessKeyId":
            return new OperatorError(what, "log in anew, for example with `aws sso login`", { cause: error });
        default:
            return new CloudRefusal(what, "nothing was changed; try again", { cause: error });
    }
}
