/** Resources that exist, written as `pulumi import` takes them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ImportResource } from "@pulumi/pulumi/automation/index.js";
import { EngineError } from "../engine.ts";
import type { AdoptedResource, StackResource } from "../engine.ts";
import { STACK_TYPE, typeOf } from "../embedded/urn.ts";
import { findPluginVersion } from "./checkpoint.ts";
import type { StackExport } from "./checkpoint.ts";

export interface Import {
    readonly resources: ImportResource[];
    /** Parents that the state has already, by the names that the resources call them. */
    readonly nameTable: Record<string, string>;
}

/**
 * Builds the import of what the state does not have yet, parents first. Every resource goes by its URN there, since names alone are
 * ambiguous: a component and its role often share one.
 *
 * @throws EngineError when a parent is neither in the state nor among the resources
 */
export function buildImport(wanted: readonly AdoptedResource[], state: StackExport, projectFolder: string): Import {
    const known = new Set((state.deployment?.resources ?? []).map(({ urn }) => urn));
    const missing = sortByParent(wanted.filter(({ urn }) => !known.has(urn)));
    const coming = new Set(missing.map(({ urn }) => urn));
    for (const resource of missing) {
        const parent = parentOf(resource);
        if (parent === undefined || known.has(parent) || coming.has(parent)) continue;
        throw new EngineError(`${resource.type} ${resource.name}: its parent ${parent} is neither in the state nor adopted with it`, { urn: resource.urn });
    }
    const versions = new Map([...new Set(missing.map(packageOf))].map((name) => [name, findPluginVersion(state, name) ?? readSdkVersion(projectFolder, name)]));
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

/** @throws EngineError when something else was taken into the state than was asked for, naming it */
export function checkImport(wanted: readonly AdoptedResource[], resources: readonly StackResource[]): void {
    const ids = new Map(resources.map(({ urn, id }) => [urn, id]));
    for (const { urn, type, name, id } of wanted) {
        const found = resources.find((resource) => resource.type === type && resource.name === name);
        if (!ids.has(urn)) throw new EngineError(`${type} ${name}: adopted as ${found?.urn ?? "nothing"}, not as ${urn}`, { urn });
        if (id !== undefined && ids.get(urn) === undefined) throw new EngineError(`${type} ${name}: adopted without an id`, { urn });
    }
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
        return (JSON.parse(readFileSync(path.join(projectFolder, "node_modules", "@pulumi", packageName, "package.json"), "utf8")) as { version?: string }).version;
    } catch {
        // Not a package of this project: the CLI takes the version that it finds.
        return undefined;
    }
}
