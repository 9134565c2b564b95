/** What the deletion of one kind of resource is, and what all of them share. */
import type { AccountClients } from "../clients.ts";
import type { OwnedResource } from "../ownedResource.ts";

export interface RemovalContext {
    readonly clients: AccountClients;
    readonly signal: AbortSignal;
    /** Milliseconds between two looks at something that is going. */
    readonly intervalMs: number;
    progress(message: string): void;
}

export interface Remover {
    /** As owned/arnKinds.ts has them. */
    readonly kind: string;
    /** Whether it holds what cannot be made again. @default false */
    readonly holdsData?: boolean;
    /** What is told when it is done. @default "deleted" */
    readonly verb?: "stopped";
    /** Begins, or does, the deletion of one resource, with all that is part of it. What is gone already is no error. */
    remove(resource: OwnedResource, context: RemovalContext): Promise<void>;
    /** Asked until it says so, for what takes its time and what others have to wait for. @default gone with `remove` */
    isGone?(resource: OwnedResource, context: RemovalContext): Promise<boolean>;
    /** How long that may take. @default 10 minutes */
    readonly limitMs?: number;
}

export const MINUTE_MS = 60_000;

/** The name or id at the end of the ARN. @throws for an ARN of another form: a fault of the table of kinds */
export function nameOf({ arn, id }: OwnedResource): string {
    if (id === undefined) throw new Error(`${arn} has no id`);
    return id;
}
