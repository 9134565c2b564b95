/** Where the state lies, as far as the URL of the backend says: read once for F14, F33 and F39. */

/** `bucket` of another cloud, `service` for Pulumi Cloud and what speaks its protocol, `disk` for `file://`. */
export type BackendKind = "s3" | "bucket" | "database" | "service" | "disk" | "unknown";

/** What the URL says, and nothing that has to be asked. */
export interface StateBackend {
    readonly kind: BackendKind;
    /** For people: the URL without its settings and without a password. */
    readonly place: string;
    /** Of S3. */
    readonly bucket?: string;
    /** As the URL says it; undefined when the client finds it elsewhere. */
    readonly region?: string;
    /** Whether the bucket lies at a host that the URL names, which is none of AWS. */
    readonly isForeign: boolean;
    /** Settings in the URL that the client refuses. */
    readonly unknownSettings: readonly string[];
}

/** pkg/backend/diy/backend.go (the drivers it imports) and pkg/backend/httpstate of https://github.com/pulumi/pulumi, v3.259.0. */
const KINDS: Readonly<Record<string, BackendKind>> = {
    s3: "s3", gs: "bucket", azblob: "bucket", postgres: "database", https: "service", http: "service", file: "disk",
};
/**
 * What the client takes; anything else is refused as an unknown query parameter. Source:
 * https://pkg.go.dev/gocloud.dev/aws#V2ConfigFromURLParams, https://pkg.go.dev/gocloud.dev/blob/s3blob#URLOpener, and the
 * older names that Pulumi translates (pkg/backend/diy/backend.go).
 */
const S3_SETTINGS: ReadonlySet<string> = new Set([
    "region", "profile", "role", "endpoint", "hostname_immutable", "dualstack", "fips", "anonymous", "rate_limiter_capacity", "awssdk",
    "request_checksum_calculation", "response_checksum_validation", "ssetype", "kmskeyid", "accelerate", "use_path_style", "disable_https",
    "s3ForcePathStyle", "disableSSL",
]);

/** @param backendUrl as Pulumi takes it; what is no URL at all is of kind `unknown` */
export function readStateBackend(backendUrl: string): StateBackend {
    const kind = KINDS[/^([a-z0-9]+):\/\//i.exec(backendUrl)?.[1]?.toLowerCase() ?? ""] ?? "unknown";
    const place = (backendUrl.split("?")[0] ?? backendUrl).replace(/\/\/[^/@]*@/, "//");
    if (kind !== "s3" || !URL.canParse(backendUrl)) return { kind, place, isForeign: false, unknownSettings: [] };
    const { hostname, searchParams } = new URL(backendUrl);
    const region = searchParams.get("region") ?? "";
    return {
        kind, place,
        ...(hostname === "" ? {} : { bucket: hostname }),
        ...(region === "" ? {} : { region }),
        isForeign: (searchParams.get("endpoint") ?? "") !== "",
        unknownSettings: [...searchParams.keys()].filter((name) => !S3_SETTINGS.has(name)),
    };
}
