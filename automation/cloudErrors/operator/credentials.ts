/** Who calls, with which keys, at what time, and who may read the stack's secrets. */
import type { ErrorEntry } from "../errorClass.ts";

export const credentialEntries: readonly ErrorEntry[] = [
    {
        id: "credentials-expired",
        words: /\bExpiredToken(?:Exception)?\b|security token included in the request is expired|The provided token has expired/,
        what: "the credentials have expired",
        fix: "log in again, for example with `aws sso login`, and run the same command: it goes on; in CI, let the role's session last longer",
        source: "https://github.com/pulumi/pulumi-aws/issues/3866",
    },
    {
        id: "credentials-invalid",
        words: /\bInvalidClientTokenId\b|\bUnrecognizedClientException\b|\bInvalidAccessKeyId\b/,
        what: "AWS does not know these credentials, or this account has not switched on this region",
        fix: "try `aws sts get-caller-identity`; switch the region on in the console under Account, or choose another aws:region",
        source: "https://github.com/remotion-dev/github-unwrapped-2022/issues/34",
    },
    {
        id: "credentials-missing",
        words: /[Nn]o valid credential sources (?:for Terraform AWS Provider )?found|no EC2 IMDS role found/,
        what: "no credentials for AWS were found",
        fix: "log in, for example with `aws sso login`, and name the profile: export AWS_PROFILE=NAME; for GitHub Actions see docs/ci.md",
        source: "https://github.com/pulumi/pulumi-aws/issues/2285",
    },
    {
        id: "region-missing",
        words: /\bMissingRegion\b|could not find region configuration/,
        what: "nobody says in which region the state's bucket lies",
        fix: "write it into PULUMI_BACKEND_URL: s3://BUCKET?region=REGION; `bootstrap` prints the whole line",
        source: "https://github.com/pulumi/pulumi/issues/15141",
    },
    {
        id: "clock-wrong",
        words: /\bSignature expired: |\bRequestTimeTooSkewed\b|difference between the request time and the current time is too large/,
        what: "this machine's clock is wrong, so AWS takes its requests for old ones",
        fix: "set the clock, best by NTP",
        source: "https://github.com/aws/aws-sdk-php/issues/612",
    },
    {
        id: "passphrase-missing",
        words: /unable to find either `?PULUMI_CONFIG_PASSPHRASE|passphrase must be set with PULUMI_CONFIG_PASSPHRASE/,
        what: "the stack's secrets are encrypted by a passphrase, and none was given",
        fix: "export PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE; a key instead of a passphrase: docs/state.md, Bootstrap",
        source: "https://github.com/pulumi/pulumi/issues/8386",
    },
    {
        id: "passphrase-wrong",
        words: /\bincorrect passphrase\b/,
        what: "the passphrase is not the one by which the stack's secrets were encrypted",
        fix: "correct PULUMI_CONFIG_PASSPHRASE; it is the one of the day on which the stack was made",
        source: "https://github.com/pulumi/pulumi/issues/9489",
    },
    {
        id: "function-key-denied",
        words: /Lambda was unable to decrypt the environment variables/,
        what: "a function's role was made anew under its old name, and the key's grant is still that of the deleted role",
        fix: "change the function's role in the Lambda console to another one and back, or delete the function and run up",
        source: "https://github.com/serverless/examples/issues/279",
    },
    {
        id: "secrets-key-denied",
        // The second is Pulumi's, of gocloud.dev, when a stack is made under a key that is not there.
        words: /ciphertext refers to a customer master key that does not exist|\bsecrets \(code=NotFound\)/,
        what: "the key that encrypts the stack's secrets does not exist in this account and region, or these credentials may not use it",
        fix: "look whether the credentials are of the stack's account, and FIRSTLIGHT_SECRETS_PROVIDER names its key; allow kms:Encrypt, Decrypt and GenerateDataKey on the key (docs/state.md)",
        source: "https://github.com/aceew/aws-lambda-env-vars/issues/7",
    },
];
