/** What the lists of all services share: whose resources are looked for, and how one is known. */
import { findPartition } from "../../../components/facts/partitions.ts";
import { createNaming } from "../../../components/naming.ts";
import type { Naming } from "../../../components/naming.ts";
import type { AccountClients } from "../clients.ts";
import type { OwnedResource, ResourceOwner } from "../ownedResource.ts";
import { describeArn } from "./arnKinds.ts";

export type Tags = Readonly<Record<string, string>>;

export interface Search {
    readonly clients: AccountClients;
    readonly naming: Naming;
    isOurs(tags: Tags): boolean;
    /** Whether it is worth a call to read its tags. Account-wide lists are long, and our names all begin alike. */
    mayBeOurs(name: string, arn: string): boolean;
    /** `arn:<partition>:<service>:<region>:<account>:<resource>` */
    arn(service: string, resource: string): string;
    /** The same without a region, for services that have one place in the world. */
    globalArn(service: string, resource: string): string;
}

/** Lists what one service has of the owner's. @throws what the service throws; access that is denied is told apart by the caller */
export interface Finder {
    /** For people, when it could not be asked: `buckets of S3`. */
    readonly what: string;
    find(search: Search): Promise<readonly OwnedResource[]>;
}

/** @param hints ARNs that the Resource Groups Tagging API named: ours by what it knew, which may be older than what is */
export function createSearch(clients: AccountClients, owner: ResourceOwner, hints: readonly string[]): Search {
    const { accountId, aws: { target: { region } } } = clients;
    const naming = createNaming(owner, { accountId, region });
    const { partition } = findPartition(region);
    const hinted = new Set(hints);
    return {
        clients, naming,
        isOurs: (tags) => tags["Project"] === owner.project && tags["Environment"] === owner.environment,
        mayBeOurs: (name, arn) => name.startsWith(`${naming.prefix}-`) || hinted.has(arn),
        arn: (service, resource) => `arn:${partition}:${service}:${region}:${accountId}:${resource}`,
        globalArn: (service, resource) => `arn:${partition}:${service}::${accountId}:${resource}`,
    };
}

/** One resource, as its ARN describes it; `id` where the ARN does not say it. */
export function toOwned(arn: string, tags: Tags, known: Partial<Pick<OwnedResource, "id" | "label" | "pendingUntil">> = {}): OwnedResource {
    const { type, id, name } = describeArn(arn);
    return { arn, type, id, label: name, tags, ...known };
}

export interface Listed {
    readonly name: string;
    readonly arn: string;
    /** For `pulumi import`, where the ARN does not say it. */
    readonly id?: string;
}

type TagReader<L> = (one: L) => Promise<Tags>;

/** Of a list of the whole account, what carries the owner's tags: they are read only where the name, or the tagging API, speaks for it. */
export async function keepOurs<L extends Listed>(search: Search, listed: readonly L[], readTags: TagReader<L>): Promise<readonly OwnedResource[]> {
    return confirmOurs(search, listed.filter(({ name, arn }) => search.mayBeOurs(name, arn)), readTags);
}

/** What carries the owner's tags. One that has gone since it was listed is left out. */
export async function confirmOurs<L extends Listed>(search: Search, listed: readonly L[], readTags: TagReader<L>): Promise<readonly OwnedResource[]> {
    const ours: OwnedResource[] = [];
    for (const one of listed) {
        const tags = await unlessGone(() => readTags(one));
        if (tags !== undefined && search.isOurs(tags)) ours.push(toOwned(one.arn, tags, one.id === undefined ? {} : { id: one.id }));
    }
    return ours;
}

/** Tags in the form that most services have. */
export function fromTagList(list: ReadonlyArray<{ Key?: string | undefined; Value?: string | undefined }> | undefined): Tags {
    return Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Everything of a paginated list. */
export async function gather<Page, Item>(
    pages: AsyncIterable<Page>,
    itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
    const items: Item[] = [];
    for await (const page of pages) items.push(...itemsOf(page) ?? []);
    return items;
}

/** Names of the errors by which services say that something is not there; SageMaker has only words for it. */
const GONE = new RegExp(`^(${[
    "(NoSuch|NotFound|ResourceNotFound|QueueDoesNotExist|StateMachineDoesNotExist)\\w*", "ParameterNotFound", "InvalidResourceId", "DashboardNotFoundError",
    "AWS\\.SimpleQueueService\\.NonExistentQueue", "Invalid\\w+\\.NotFound", "NatGatewayNotFound", "Gateway\\.NotAttached",
].join("|")})$`);

export function isGone(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    return GONE.test(error.name) || (error.name === "ValidationException" && /could not find|does not exist/i.test(error.message));
}

/** Undefined instead of the error by which a service says that something is not there. */
export async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
        return await ask();
    } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
    }
}
