/** Refuses to work with what only looks like AWS or like Pulumi's providers: an emulator, a provider of somebody's own. */
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { isContinuousIntegration } from "../continuousIntegration.ts";
import { OperatorError } from "../errors.ts";
import { REHEARSAL_ACCOUNT } from "../rehearsal/environment.ts";

const FIX = "unset or remove it, or say --allow-emulator if that is what you want";
/** Accounts that nobody has: emulators answer with them. */
const EMULATED_ACCOUNTS: readonly string[] = ["000000000000", REHEARSAL_ACCOUNT];
/** Domains that answer as AWS: the dnsSuffix and dualStackDnsSuffix of every partition. Source: @aws-sdk/core 3.x, util-endpoints/lib/aws/partitions.js. */
const AWS_DOMAINS: readonly string[] = [
    "amazonaws.com", "api.aws", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "amazonaws.eu", "api.amazonwebservices.eu", "c2s.ic.gov",
    "api.aws.ic.gov", "sc2s.sgov.gov", "api.aws.scloud", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "csp.hci.ic.gov", "api.aws.hci.ic.gov",
];
/** Lie beside the CLI itself, and are no providers of a cloud. */
const OWN_PLUGINS = /^pulumi-resource-pulumi-(nodejs|python)(\.exe)?$/;

type Handler = (call: { readonly request: unknown }) => Promise<unknown>;
type HostGuard = (next: Handler) => Handler;
/** What the stacks of all services have in common: their types differ by service. */
interface GuardedStack { add(guard: HostGuard, place: { readonly step: "finalizeRequest"; readonly name: string; readonly priority: "low"; readonly override: true }): void }

/**
 * What points somewhere else than to AWS, for people; empty when nothing does. Looks at variables, at the AWS configuration files as
 * every SDK reads them, and at the programs on PATH that the CLI would take before its own plugins.
 */
export async function findStandIns(environment: Readonly<NodeJS.ProcessEnv>): Promise<readonly string[]> {
    return [...findVariables(environment), ...await findConfiguredEndpoints(environment), ...await findProviders(environment)];
}

/** @throws OperatorError when the deployment would go to something else than AWS. */
export async function refuseStandIns(environment: Readonly<NodeJS.ProcessEnv>): Promise<void> {
    const found = await findStandIns(environment);
    if (found.length > 0) throw new OperatorError(`the deployment would not go to AWS: ${found.join("; ")}`, FIX);
}

/** @throws OperatorError for an account that only emulators have. */
export function refuseEmulatedAccount(accountId: string | undefined): void {
    if (accountId === undefined || !EMULATED_ACCOUNTS.includes(accountId)) return;
    throw new OperatorError(`the account is ${accountId}, which only emulators have`, "log in to an account of AWS, or say --allow-emulator if that is what you want");
}

/** Makes every client refuse to send a request that would not go to AWS, whatever made it so. @param clients those of an object, beside what else it holds */
export function refuseForeignHosts(clients: object): void {
    const guard: HostGuard = (next) => (call) => {
        const { hostname = "" } = call.request as { readonly hostname?: string };
        if (!isAwsHost(hostname)) throw new OperatorError(`the AWS SDK would ask ${hostname} instead of AWS`, FIX);
        return next(call);
    };
    for (const client of Object.values(clients).filter(isClient)) {
        client.middlewareStack.add(guard, { step: "finalizeRequest", name: "refuseForeignHosts", priority: "low", override: true });
    }
}

function isClient(value: unknown): value is { readonly middlewareStack: GuardedStack } {
    return typeof value === "object" && value !== null && "middlewareStack" in value;
}

export function isAwsHost(hostname: string): boolean {
    return AWS_DOMAINS.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function findVariables(environment: Readonly<NodeJS.ProcessEnv>): readonly string[] {
    const misleads = /^(AWS_ENDPOINT_URL(_.*)?|PULUMI_DEBUG_PROVIDERS)$/;
    return Object.keys(environment).filter((name) => misleads.test(name) && environment[name] !== "").map((name) => `the variable ${name} is set`);
}

/** `endpoint_url` in the profile that is used, or in the `services` section that the profile names. */
async function findConfiguredEndpoints(environment: Readonly<NodeJS.ProcessEnv>): Promise<readonly string[]> {
    const folder = path.join(environment["HOME"] ?? homedir(), ".aws");
    const profile = environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"] ?? "default";
    const files = [environment["AWS_CONFIG_FILE"] ?? path.join(folder, "config"), environment["AWS_SHARED_CREDENTIALS_FILE"] ?? path.join(folder, "credentials")];
    const found: string[] = [];
    for (const file of files) {
        const sections = readSections(await readFile(file, "utf8").catch(() => ""));
        const own = sections.get(`profile ${profile}`) ?? sections.get(profile) ?? [];
        const services = own.map((line) => /^services\s*=\s*(.+)$/.exec(line)?.[1]).find((name) => name !== undefined);
        const lines = [...own, ...services === undefined ? [] : sections.get(`services ${services.trim()}`) ?? []];
        if (lines.some((line) => /^endpoint_url\s*=/.test(line))) found.push(`the profile ${profile} in ${file} has an endpoint_url`);
    }
    return found;
}

/** Lines by section, without blanks around them. */
function readSections(text: string): ReadonlyMap<string, readonly string[]> {
    const sections = new Map<string, string[]>();
    let lines: string[] = [];
    for (const line of text.split("\n").map((each) => each.trim())) {
        const name = /^\[(.+)\]$/.exec(line)?.[1]?.trim().replaceAll(/\s+/g, " ");
        if (name === undefined) lines.push(line);
        else sections.set(name, lines = sections.get(name) ?? []);
    }
    return sections;
}

/**
 * The CLI takes a provider on PATH before the one that it installed, unless it is told not to.
 * Source: pulumi/pulumi v3.259.0, sdk/go/common/workspace/plugins.go (PULUMI_IGNORE_AMBIENT_PLUGINS).
 */
async function findProviders(environment: Readonly<NodeJS.ProcessEnv>): Promise<readonly string[]> {
    if (/^(1|true)$/i.test(environment["PULUMI_IGNORE_AMBIENT_PLUGINS"] ?? "")) return [];
    const folders = (environment["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
    const found = await Promise.all(folders.map(async (folder) => {
        const names = await readdir(folder).catch((): string[] => []);
        return names.filter((name) => name.startsWith("pulumi-resource-") && !OWN_PLUGINS.test(name)).map((name) => path.join(folder, name));
    }));
    return found.flat().map((file) => `${file} on PATH stands in for Pulumi's provider`);
}

/**
 * A state on a CI machine's own disk is lost with the machine, and the next run would make everything a second time.
 *
 * @throws OperatorError
 */
export function refuseLocalState(backendUrl: string, environment: Readonly<NodeJS.ProcessEnv>): void {
    if (!backendUrl.startsWith("file:") || !isContinuousIntegration(environment)) return;
    throw new OperatorError(
        `the state lies on this machine's disk (${backendUrl}), and a CI service runs this (CI is set, or a variable of its own): `
        + "it would be lost with the machine",
        "set PULUMI_BACKEND_URL to a bucket; `bootstrap` makes one. A machine of your own that stays: CI=false",
    );
}
