/**
 * The environment of every process that a rehearsal or a test starts: built from nothing, so that no credential, profile or endpoint
 * of the caller reaches it.
 *
 * Three walls, in this order:
 *  1. No real credential. The access key is the made-up account's id; the AWS configuration files are `/dev/null`; HOME is the run's
 *     own folder, so `~/.aws` is not found either; the instance metadata service is switched off.
 *  2. AWS_ENDPOINT_URL points every SDK to the cloud on loopback.
 *  3. A preload in each Node and each Python process refuses every connection that does not stay on this machine.
 *
 * What the third wall cannot see: programs that are neither Node nor Python (esbuild's own binary, a shell, curl, the Pulumi CLI and
 * its plugins), native add-ons and ctypes that call `connect` themselves, a process that is started with NODE_OPTIONS or PYTHONPATH
 * removed or with `python -I`, and sockets that were open before. For them the first wall counts: they hold nothing to reach an
 * account with.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";

const PROJECT = path.resolve(import.meta.dirname, "..", "..");
const FIREWALL = path.join(import.meta.dirname, "firewall");
/** What is taken from the caller: where programs are found, and nothing that could name or open an account. */
const FALLBACK_PATH = "/usr/local/bin:/usr/bin:/bin";
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The account of every rehearsal: made up, in the form that AWS's own documentation uses. */
export const REHEARSAL_ACCOUNT = "111122223333";
/** Not a secret: the rehearsal cloud takes a key of twelve digits for that account's root. */
export const REHEARSAL_SECRET = "rehearsal";

export interface EnvironmentOptions {
    readonly region: string;
    /** Folder of this run; HOME and TMPDIR are made in it. */
    readonly folder: string;
    /** Base URL of the rehearsal cloud. Absent for the cloud itself, which does not know its port yet. */
    readonly endpoint?: string;
    /** Twelve digits. @default REHEARSAL_ACCOUNT */
    readonly accountId?: string;
    /** Further variables, for example of the Pulumi program. They win, except over the walls above. */
    readonly extra?: Readonly<Record<string, string>>;
}

/**
 * Builds the environment, and its folders.
 * @throws Error when the endpoint is not on loopback.
 */
export function buildEnvironment(options: EnvironmentOptions): NodeJS.ProcessEnv {
    if (options.endpoint !== undefined && !LOOPBACK.has(new URL(options.endpoint).hostname)) {
        throw new Error(`the endpoint ${options.endpoint} of a rehearsal is not on this machine`);
    }
    const home = path.join(options.folder, "home");
    const temporary = path.join(options.folder, "tmp");
    for (const folder of [home, temporary]) mkdirSync(folder, { recursive: true });
    return {
        LANG: "C.UTF-8",
        TZ: "UTC",
        ...options.extra,
        PATH: buildPath(),
        HOME: home,
        TMPDIR: temporary,
        ...buildAwsVariables(options),
        // Not --import: worker threads would start without it. Quoted, because the path may hold blanks.
        NODE_OPTIONS: `--require ${JSON.stringify(path.join(FIREWALL, "nodePreload.mjs"))}`,
        PYTHONPATH: path.join(FIREWALL, "python"),
        PYTHONDONTWRITEBYTECODE: "1",
        PYTHONUNBUFFERED: "1",
    };
}

/** Our Node first, because Lambda workers are started as `node`. */
function buildPath(): string {
    return [path.join(PROJECT, "node_modules", ".bin"), process.env["PATH"] ?? FALLBACK_PATH].join(path.delimiter);
}

function buildAwsVariables(options: EnvironmentOptions): Record<string, string> {
    const account = options.accountId ?? REHEARSAL_ACCOUNT;
    return {
        AWS_ACCESS_KEY_ID: account,
        AWS_SECRET_ACCESS_KEY: REHEARSAL_SECRET,
        AWS_REGION: options.region,
        AWS_DEFAULT_REGION: options.region,
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        AWS_EC2_METADATA_DISABLED: "true",
        ...(options.endpoint === undefined ? {} : { AWS_ENDPOINT_URL: options.endpoint }),
    };
}
