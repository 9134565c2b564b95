/** The packages that bring a provider, as they are asked for and as they are installed. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { SdkPackage } from "../rule.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../..");
/** Pulumi's own packages that bring no plugin: the SDK itself, and policies. */
const WITHOUT_PLUGIN = ["pulumi", "policy"];

interface Manifest {
    readonly version?: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    /** As it stands in the packages that Pulumi's generator makes. Read in @pulumi/command 1.2.1. */
    readonly pulumi?: { readonly resource?: boolean; readonly name?: string; readonly version?: string };
}

/**
 * Dependencies whose package says that a plugin belongs to it; one that is not installed is told by its name.
 *
 * @throws when package.json cannot be read
 */
export async function readPackages(projectFolder: string = PROJECT): Promise<readonly SdkPackage[]> {
    const { dependencies = {} } = await readManifest(path.join(projectFolder, "package.json"));
    const packages = await Promise.all(Object.entries(dependencies).map(([name, wanted]) => readPackage(projectFolder, name, wanted)));
    return packages.filter((each) => each !== undefined);
}

async function readPackage(projectFolder: string, name: string, wanted: string): Promise<SdkPackage | undefined> {
    const installed = await readManifest(path.join(projectFolder, "node_modules", name, "package.json")).catch(() => undefined);
    const own = /^@pulumi\/(.+)$/.exec(name)?.[1];
    if (installed === undefined) return own === undefined || WITHOUT_PLUGIN.includes(own) ? undefined : { name, wanted, plugin: own };
    const { pulumi, version } = installed;
    if (pulumi?.resource !== true) return undefined;
    const pluginVersion = pulumi.version ?? version;
    return { name, wanted, plugin: pulumi.name ?? own ?? name, ...(pluginVersion === undefined ? {} : { pluginVersion }) };
}

async function readManifest(file: string): Promise<Manifest> {
    return JSON.parse(await readFile(file, "utf8")) as Manifest;
}
