/** How a resource is found in the account when the state does not know it: by what its inputs say, never by guessing. */
import type { PropertyMap } from "../engine/provider.ts";
import type { AccountClients } from "./clients.ts";

/** A resource that exists. */
export interface FoundResource {
    /** As `pulumi import` takes it. */
    readonly id: string;
    /** As the state has it, where the provider makes another of the import's. @default `id` */
    readonly stateId?: string;
    /** Outputs that other resources refer to and that do not follow from the inputs (arn, vpcId, ...). */
    readonly outputs: PropertyMap;
    /** Undefined where the type carries no tags. */
    readonly tags?: Readonly<Record<string, string>>;
}

/** What has a name already. */
export interface NameHolder extends FoundResource {
    /** Whether it carries the stack's tags, or belongs to what does; true where nothing of the kind carries tags. */
    readonly isOurs: boolean;
}

export interface Identity {
    /** Type token. */
    readonly type: string;
    /** Documentation page that says what the import id is. */
    readonly source: string;
    /** Whether a create overwrites what is there: it can simply be done again. */
    readonly isRepeatable: boolean;
    /**
     * Looks for what a create with these inputs would have made.
     *
     * @param inputs resolved; what is not known is `UNKNOWN`, and then nothing is found
     * @param taken ids, as the state has them, that other resources of the type have already: none of them is meant. @default none
     * @returns undefined when there is none
     * @throws OperatorError when more than one could be meant
     */
    find(inputs: PropertyMap, clients: AccountClients, taken?: ReadonlySet<string>): Promise<FoundResource | undefined>;
}
