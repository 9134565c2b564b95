/** Under which other URNs a resource may stand in the state: renamed, moved to another parent, of another type. */
import { STACK_TYPE, createUrn, nameOf, qualifiedType, typeOf } from "./urn.ts";

/** An alias as the program writes it: a URN, or the parts in which the old URN differs. Empty parts are the resource's own. */
export type AliasRequest =
    | { readonly urn: string }
    | { readonly name: string; readonly type: string; readonly stack: string; readonly project: string; readonly parentUrn: string; readonly noParent: boolean };

export interface AliasedGoal {
    readonly type: string;
    readonly name: string;
    readonly parent: string;
    readonly aliases: readonly AliasRequest[];
}

export interface AliasContext {
    readonly project: string;
    readonly stack: string;
    /** By new URN: the old URN under which a resource of this run was found. */
    readonly found: ReadonlyMap<string, string>;
}

function collapse(goal: AliasedGoal, alias: AliasRequest, context: AliasContext): string {
    if ("urn" in alias) return alias.urn;
    let parent = alias.parentUrn === "" ? goal.parent : context.found.get(alias.parentUrn) ?? alias.parentUrn;
    if (alias.noParent || qualifiedType(parent) === STACK_TYPE) parent = "";
    return createUrn({
        stack: alias.stack || context.stack, project: alias.project || context.project, parent,
        type: alias.type || goal.type, name: alias.name || goal.name,
    });
}

/** A child whose name begins with its parent's is taken to be named after it, so the old name began with the parent's old name. */
function inherit(child: { type: string; name: string }, parentName: string, parentAlias: string): string {
    const [prefix, project] = parentAlias.split("::");
    const name = child.name.startsWith(parentName) ? nameOf(parentAlias) + child.name.slice(parentName.length) : child.name;
    return createUrn({ stack: (prefix ?? "").replace("urn:pulumi:", ""), project: project ?? "", parent: parentAlias, type: child.type, name });
}

/** All old URNs to look under, in the order of preference: the resource's own aliases, then those that follow from its parent's. */
export function resolveAliases(goal: AliasedGoal, context: AliasContext): string[] {
    const own = goal.aliases.map((alias) => collapse(goal, alias, context));
    const parentAlias = context.found.get(goal.parent);
    if (parentAlias === undefined) return [...new Set(own)];
    const parentName = nameOf(goal.parent);
    const inherited = [{ type: goal.type, name: goal.name }, ...own.map((urn) => ({ type: typeOf(urn), name: nameOf(urn) }))]
        .map((child) => inherit(child, parentName, parentAlias));
    return [...new Set([...own, ...inherited])];
}
