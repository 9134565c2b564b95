/** Resources that exist, written as `pulumi import` takes them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ImportResource } from "@pulumi/pulumi/automation/index.js";
import { EngineError } from "../engine.ts";
import type { AdoptedResource, StackResource } from "../engine.ts";
import { STACK_TYPE, createUrn, typeOf } from "../embedded/urn.ts";
import { findPluginVersion } from "./checkpoint.ts";
import type { StackExport } from "./checkpoint.ts";

export interface Import {
    readonly resources: ImportResource[];
    /** Parents that the state has already, by the names that the resources call them. */
    readonly nameTable: Record<string, string>;
}

export interface AdoptionPlace {
    /** Its packages say which versions of the plugins the program asks for. */
    readonly projectFolder: string;
    readonly project: string;
    readonly stack: string;
}

/**
 * Builds the import of what the state does not have yet, parents first. Every resource goes by its URN there, since names alone are
 * ambiguous: a component and its role often share one.
 *
 * @throws EngineError when a parent is neither in the state nor among the resources, or an import would make another URN than the one given
 */
export function buildImport(wanted: readonly AdoptedResource[], state: StackExport, place: AdoptionPlace): Import {
    const known = new Set((state.deployment?.resources ?? []).map(({ urn }) => urn));
    const missing = sortByParent(wanted.filter(({ urn }) => !known.has(urn)));
    const coming = new Set(missing.map(({ urn }) => urn));
    for (const resource of missing) {
        const { urn, type, name } = resource;
        const parent = parentOf(resource);
        if (parent !== undefined && !known.has(parent) && !coming.has(parent)) {
            throw new EngineError(`${type} ${name}: its parent ${parent} is neither in the state nor adopted with it`, { urn });
        }
        const made = createUrn({ stack: place.stack, project: place.project, parent: parent ?? "", type, name });
        if (made !== urn) throw new EngineError(`${type} ${name}: would be adopted as ${made}, not as ${urn}`, { urn });
    }
    const packages = [...new Set(missing.map(packageOf))];
    const versions = new Map(packages.map((name) => [name, findPluginVersion(state, name) ?? readSdkVersion(place.projectFolder, name)]));
    const resources = missing.map((resource): ImportResource => {
        const { urn, type, name, id } = resource;
        const parent = parentOf(resource);
        const version = versions.get(packageOf(resource));
        return {
            type, name: urn, logicalName: name,
            ...(parent === undefined ? {} : { parent }),
            ...(id === undefined ? { component: true } : { id, ...(version === undefined ? {} : { version }) }),
        };
    });
    const above = missing.map(parentOf).filter((parent) => parent !== undefined && known.has(parent));
    return { resources, nameTable: Object.fromEntries(above.map((parent) => [parent, parent])) };
}

/** @throws EngineError when the state does not hold what was to be adopted, naming the first that is missing */
export function checkImport(wanted: readonly AdoptedResource[], resources: readonly StackResource[]): void {
    const urns = new Set(resources.map(({ urn }) => urn));
    const missing = wanted.find(({ urn }) => !urns.has(urn));
    if (missing === undefined) return;
    const other = resources.find(({ type, name }) => type === missing.type && name === missing.name);
    const { urn, type, name } = missing;
    throw new EngineError(`${type} ${name}: was adopted as ${other?.urn ?? "nothing"}, not as ${urn}`, { urn });
}

/** The stack itself is everybody's parent, and the import makes it when it is missing. */
function parentOf({ parent }: AdoptedResource): string | undefined {
    return parent === undefined || typeOf(parent) === STACK_TYPE ? undefined : parent;
}

function packageOf({ type }: AdoptedResource): string {
    return type.split(":")[0] ?? "";
}

function sortByParent(resources: readonly AdoptedResource[]): readonly AdoptedResource[] {
    const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
    const depthOf = (urn: string | undefined): number => (urn === undefined || !parents.has(urn) ? 0 : 1 + depthOf(parents.get(urn)));
    return resources.toSorted((left, right) => depthOf(left.urn) - depthOf(right.urn));
}

/** The version that the program asks for, so that it finds its resources under the provider that they were imported with. */
function readSdkVersion(projectFolder: string, packageName: string): string | undefined {
    try {
        const file = path.join(projectFolder, "node_modules", "@pulumi", packageName, "package.json");
        return (JSON.parse(readFileSync(file, "utf8")) as { version?: string }).version;
    } catch {
        // Not a package of this project: the CLI takes the version that it finds.
        return undefined;
    }
}
