/** What the lookups of all services have in common: candidates are gathered per type, and judged in one place. */
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import type { AccountClients } from "../clients.ts";
import type { FoundResource } from "../identity.ts";
import type { ResourceOwner } from "../ownedResource.ts";

export type Tags = Readonly<Record<string, string>>;

/** A resource that exists and that the inputs could mean. */
export interface Candidate extends FoundResource {
    /** Tags of what it belongs to, for a type that carries none of its own: the bucket of a bucket policy. */
    readonly parentTags?: Tags;
}

/** How resources of one type are looked for. */
export interface Lookup {
    readonly type: string;
    /** Documentation page that says what the import id is. */
    readonly source: string;
    /** Set where several with the same content can stand for each other, so that the first will do. */
    readonly interchangeable?: true;
    /** Set where a create overwrites what is there, so that it can simply be done again. */
    readonly repeatable?: true;
    /** Everything that a create with these inputs could have made, whoever's it is. Nothing when an input that is needed is unknown. */
    candidates(inputs: PropertyMap, clients: AccountClients, owner: ResourceOwner): Promise<readonly Candidate[]>;
    /** What has the name that a create would take, where that is more than `candidates` looks at. @default `candidates` */
    holders?(inputs: PropertyMap, clients: AccountClients, owner: ResourceOwner): Promise<readonly Candidate[]>;
}

/** The section `Import` of a type's page in the Pulumi registry. */
export function importPage(path: string, packageName = "aws"): string {
    return `https://www.pulumi.com/registry/packages/${packageName}/api-docs/${path}/#import`;
}

/** A text that is given and known. */
export function knownText(inputs: PropertyMap, name: string): string | undefined {
    const value = inputs[name];
    return typeof value === "string" && value !== "" ? value : undefined;
}

export function isUnknown(inputs: PropertyMap, ...names: readonly string[]): boolean {
    return names.some((name) => inputs[name] === UNKNOWN);
}

export function isOwnedBy(tags: Tags, { project, environment }: ResourceOwner): boolean {
    return tags["Project"] === project && tags["Environment"] === environment;
}

/** Tags in the shape that most services answer with. */
export function readTags(list: ReadonlyArray<{ readonly Key?: string | undefined; readonly Value?: string | undefined }> | undefined): Tags {
    return Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Leaves out outputs that the service did not tell. */
export function outputsOf(values: Readonly<Record<string, string | undefined>>): PropertyMap {
    return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Undefined instead of one of the named errors. */
export async function unless<Value>(names: readonly string[], call: () => Promise<Value>): Promise<Value | undefined> {
    try {
        return await call();
    } catch (error) {
        if (error instanceof Error && names.includes(error.name)) return undefined;
        throw error;
    }
}

/** All pages of a list that goes on by a token. */
export async function gather<Item, Token = string>(
    page: (token: Token | undefined) => Promise<{ readonly items: readonly Item[] | undefined; readonly next: Token | undefined }>,
): Promise<readonly Item[]> {
    const all: Item[] = [];
    let token: Token | undefined;
    do {
        const { items, next } = await page(token);
        all.push(...items ?? []);
        token = next === "" ? undefined : next;
    } while (token !== undefined);
    return all;
}

/** `<stem>-<7 hex>`, as Pulumi names what the program leaves unnamed. */
const AUTO_NAME = /^(.+)-[0-9a-f]{7}$/;

/** The part of an automatic name that is the same for the next resource of that kind; undefined for a name of the program's own. */
export function autoNameStem(name: string): string | undefined {
    return AUTO_NAME.exec(name)?.[1];
}

/** Whether both are automatic names of the same resource, or the same name. */
export function isSameName(left: string, right: string): boolean {
    const stem = autoNameStem(left);
    return left === right || (stem !== undefined && stem === autoNameStem(right));
}
