/** What a run was done with. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { EVENTS_VERSION } from "../progress/reporters.ts";

/** Of the packages whose version explains most of what goes wrong. */
const TOLD = ["@pulumi/pulumi", "@pulumi/aws"];

/** Versions by name: ours, Node's, those of Pulumi's packages, and that of the events' form. */
export async function readVersions(projectFolder: string): Promise<Readonly<Record<string, string>>> {
    const own = await readPackage(path.join(projectFolder, "package.json"));
    const dependencies = TOLD.flatMap((name) => (own.dependencies?.[name] === undefined ? [] : [[name, own.dependencies[name]] as const]));
    return { firstlight: own.version ?? "unknown", node: process.versions.node, ...Object.fromEntries(dependencies), events: EVENTS_VERSION };
}

interface Package { readonly version?: string; readonly dependencies?: Readonly<Record<string, string>> }

async function readPackage(file: string): Promise<Package> {
    return JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as Package;
}
