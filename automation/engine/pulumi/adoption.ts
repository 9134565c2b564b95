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
    const missing = wanted.filter(({ urn }) => !known.has(urn));
    const coming = new Set(missing.map(({ urn }) => urn));
    const nameTable: Record<string, string> = {};
    const versions = new Map<string, string | undefined>();
    const resources = sortByParent(missing).map((resource): ImportResource => {
        const { urn, type, name, id, parent } = resource;
        const inherits = parent !== undefined && typeOf(parent) !== STACK_TYPE;
        if (inherits && !coming.has(parent) && !known.has(parent)) {
            throw new EngineError(`${type} ${name}: its parent ${parent} is neither in the state nor adopted with it`, { urn });
        }
        const isBelowStack = !inherits;
        const root = isBelowStack ? findRoot(state) : undefined;
        const above = inherits ? parent : root;
        if (above !== undefined && known.has(above)) nameTable[above] = above;
        const packageName = type.split(":")[0] ?? "";
        if (!versions.has(packageName)) versions.set(packageName, findPluginVersion(state, packageName) ?? readSdkVersion(projectFolder, packageName));
        const version = versions.get(packageName);
        return {
            type, name: urn, logicalName: name,
            ...(above === undefined ? {} : { parent: above }),
            ...(id === undefined ? { component: true } : { id, ...(version === undefined ? {} : { version }) }),
        };
    });
    return { resources, nameTable };
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

function findRoot({ deployment }: StackExport): string | undefined {
    return deployment?.resources?.find(({ type }) => type === STACK_TYPE)?.urn;
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
