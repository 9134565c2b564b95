/** One secret of every kind that a run can meet, none of them real. */

/** By the environment variable that carries it. */
export const SECRET_VARIABLES: Readonly<Record<string, string>> = {
    FIRSTLIGHT_API_TOKEN: "canary-api-token-1f2e3d",
    PULUMI_CONFIG_PASSPHRASE: "canary \"passphrase\" with\tsigns",
    PULUMI_ACCESS_TOKEN: "canary-pulumi-token-4c5b6a",
    AWS_ACCESS_KEY_ID: "CANARYKEYID000001",
    AWS_SECRET_ACCESS_KEY: "canary/secret+key=7a8b9c",
    AWS_SESSION_TOKEN: "canary+session/token==0d1e2f",
    AWS_CONTAINER_AUTHORIZATION_TOKEN: "canary-container-token-3a4b5c",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary-oidc-token-6d7e8f",
    GITHUB_TOKEN: "canary-github-token-9a0b1c",
    SLACK_PASSWORD: "canary-password-2d3e4f",
};

/** Known by their form alone: no variable holds them. */
export const SECRET_FORMS: readonly string[] = [
    `AKIA${"CANARY2345678901"}`,
    `ASIA${"CANARY2345678902"}`,
    `eyJhbGciOiJub25lIn0.${"eyJjYW5hcnkiOnRydWV9"}.c2lnbmF0dXJl`,
    `pul-${"0123456789abcdef0123456789abcdef01234567"}`,
    `ghp_${"canary0123456789abcdefghij0123456789"}`,
];

/** In sentences; the part after the mark is what must go. */
export const SECRET_SENTENCES: readonly (readonly [sentence: string, secret: string])[] = [
    ["https://bucket.s3.amazonaws.com/x?X-Amz-Credential=CANARYCRED%2F20261121&X-Amz-Signature=canarysignature0123", "canarysignature0123"],
    ["X-Amz-Security-Token=canarysecuritytoken&x=1", "canarysecuritytoken"],
    ["aws_secret_access_key = CanarySecretAccessKey0123456789abcdefghij", "CanarySecretAccessKey0123456789abcdefghij"],
    ["\"SecretAccessKey\": \"CanaryJsonSecretKey0123456789abcdefghijk\"", "CanaryJsonSecretKey0123456789abcdefghijk"],
    ["Authorization: Bearer canary.bearer.token.0123456789", "canary.bearer.token.0123456789"],
    ["postgres://kim:canarydatabasepassword@db.example.com/x", "canarydatabasepassword"],
    ["-----BEGIN RSA PRIVATE KEY-----\nCanaryPrivateKeyBody\n-----END RSA PRIVATE KEY-----", "CanaryPrivateKeyBody"],
];
