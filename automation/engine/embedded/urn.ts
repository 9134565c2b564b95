/** Names of resources in the engine: `urn:pulumi:<stack>::<project>::<qualified type>::<name>`. */

/** The type of the resource that stands for the stack itself. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

/** Types of provider resources begin with this. */
export const PROVIDER_PREFIX = "pulumi:providers:";

export interface UrnParts {
    readonly stack: string;
    readonly project: string;
    /** Empty, or the URN of the parent. The stack itself is no part of its children's types. */
    readonly parent: string;
    readonly type: string;
    readonly name: string;
}

/** The part of a URN with the types of all parents, joined by `$`. */
export function qualifiedType(urn: string): string {
    return urn.split("::")[2] ?? "";
}

/** The resource's own type. */
export function typeOf(urn: string): string {
    return qualifiedType(urn).split("$").at(-1) ?? "";
}

/** The resource's name in the program, which may itself contain `::`. */
export function nameOf(urn: string): string {
    return urn.split("::").slice(3).join("::");
}

/** Makes the URN of a resource. */
export function createUrn(parts: UrnParts): string {
    const parentType = parts.parent === "" ? "" : qualifiedType(parts.parent);
    const type = parentType === "" || parentType === STACK_TYPE ? parts.type : `${parentType}$${parts.type}`;
    return `urn:pulumi:${parts.stack}::${parts.project}::${type}::${parts.name}`;
}

/** Whether the resource is a provider. */
export function isProviderType(type: string): boolean {
    return type.startsWith(PROVIDER_PREFIX);
}

/** The URN in a provider reference `<urn>::<id>`; empty for an empty reference. */
export function providerUrn(reference: string): string {
    return reference.includes("::") ? reference.slice(0, reference.lastIndexOf("::")) : "";
}

/** `aws` of `aws:s3/bucket:Bucket`. */
export function packageOf(type: string): string {
    return type.split(":")[0] ?? "";
}
