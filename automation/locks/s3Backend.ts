/** What an `s3://` backend URL says, as the CLI understands it. */
import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings } from "../aws.ts";
import type { AwsTarget } from "../aws.ts";
import { OperatorError } from "../errors.ts";

export interface S3Backend {
    readonly bucket: string;
    /** Without slashes at its ends; empty at the bucket's root. */
    readonly prefix: string;
    readonly client: S3ClientConfig;
    /** Whether the URL names an endpoint. */
    readonly isForeign: boolean;
}

/**
 * Query parameters: https://pkg.go.dev/gocloud.dev/aws#V2ConfigFromURLParams and https://pkg.go.dev/gocloud.dev/blob/s3blob#URLOpener, and the older
 * `disableSSL` and `s3ForcePathStyle`, which the CLI still takes. Those that concern no lock (server-side encryption, rate limits) are passed by.
 *
 * @param aws what holds where the URL says nothing
 * @throws OperatorError when there is no bucket in it
 */
export function parseS3Backend(backendUrl: string, aws?: AwsTarget): S3Backend {
    const url = parseUrl(backendUrl);
    const query = url.searchParams;
    const endpoint = endpointOf(query);
    const profile = query.get("profile") ?? undefined;
    const { credentials, ...place } = { region: "", ...aws };
    // A profile brings its own credentials.
    const target = { ...place, ...definedOnly({ region: query.get("region") ?? undefined, endpoint, credentials: profile === undefined ? credentials : undefined }) };
    const { region, ...settings } = clientSettings(target);
    return {
        bucket: url.hostname,
        prefix: decodeURIComponent(url.pathname).replaceAll(/^\/+|\/+$/g, ""),
        isForeign: endpoint !== undefined,
        client: {
            ...settings,
            // Without a region the SDK looks for one as the CLI does: in the environment and in the profile.
            ...(region === undefined || region === "" ? {} : { region }),
            ...definedOnly({ profile, credentials: roleCredentials(query.get("role"), target) }),
            forcePathStyle: target.endpoint !== undefined || isSet(query, "use_path_style") || isSet(query, "s3ForcePathStyle"),
            useDualstackEndpoint: isSet(query, "dualstack"),
            useFipsEndpoint: isSet(query, "fips"),
            followRegionRedirects: true,
        },
    };
}

function parseUrl(backendUrl: string): URL {
    const url = URL.canParse(backendUrl) ? new URL(backendUrl) : undefined;
    if (url !== undefined && url.hostname !== "") return url;
    throw new OperatorError(`the backend URL ${JSON.stringify(backendUrl)} names no bucket`, "write it as s3://BUCKET?region=REGION");
}

/** The older parameters leave the scheme out. */
function endpointOf(query: URLSearchParams): string | undefined {
    const endpoint = query.get("endpoint");
    if (endpoint === null || endpoint === "") return undefined;
    const isPlain = isSet(query, "disableSSL") || isSet(query, "disable_https");
    return /^https?:\/\//.test(endpoint) ? endpoint : `${isPlain ? "http" : "https"}://${endpoint}`;
}

function isSet(query: URLSearchParams, name: string): boolean {
    return /^(1|t|true)$/i.test(query.get(name) ?? "");
}

function roleCredentials(roleArn: string | null, target: AwsTarget): S3ClientConfig["credentials"] {
    if (roleArn === null || roleArn === "") return undefined;
    return async () => {
        const sts = new STSClient(clientSettings(target));
        try {
            const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "firstlight-lock" }));
            const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "", Expiration } = Credentials ?? {};
            return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, ...(Expiration === undefined ? {} : { expiration: Expiration }) };
        } finally {
            sts.destroy();
        }
    };
}

function definedOnly<T extends Record<string, unknown>>(values: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [Name in keyof T]?: NonNullable<T[Name]> };
}
