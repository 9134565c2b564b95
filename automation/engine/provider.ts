/**
 * What a resource type is to an engine: its property table and the calls that make it real.
 *
 * The embedded engine calls handlers directly; `providerPlugin.ts` serves the same handlers to a real Pulumi engine. Neither knows
 * any AWS service, and no handler knows which engine calls it.
 */

/** Stands for a value that is not known before the deployment (previews only). */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A file or archive given to a resource, for example the zip of a Lambda function. */
export class FileReference {
    readonly kind: "asset" | "archive";
    /** Absolute path of the file. */
    readonly path: string;
    /** SHA-256 of the content in hex: two references are equal when their hashes are. */
    readonly hash: string;

    constructor(kind: "asset" | "archive", path: string, hash: string) {
        this.kind = kind;
        this.path = path;
        this.hash = hash;
    }
}

/** A property as handlers see it: outputs resolved, secrets revealed, absent properties left out. */
export type PropertyValue =
    | null | boolean | number | string
    | typeof UNKNOWN | FileReference
    | readonly PropertyValue[]
    | PropertyMap;

export interface PropertyMap { readonly [name: string]: PropertyValue }

/** What the rehearsal does with one input property. */
export type PropertyEffect =
    /** Sent to the cloud, and read back and compared after a create or update. */
    | "applied"
    /** Kept in state only: the rehearsal cloud has no such thing, so nothing was tried. */
    | "recorded"
    /** Not tried either, but a preflight rule or a type checks the value. */
    | "static";

export interface PropertyRule {
    readonly effect: PropertyEffect;
    /** Whether a changed value updates the resource in place or replaces it. */
    readonly change: "update" | "replace";
    /** The value is a map with free keys (tags, environment variables) or a JSON document: nothing below it is looked up. */
    readonly free?: true;
    /** Where the effect or the change is documented, when not in the table's own `source`. */
    readonly source?: string;
}

/** Which data-plane calls prove that a resource was used, not merely created. */
export interface UsageProof {
    /** IAM action names, e.g. `s3:GetObject`. One of them is enough. With `principal`, none means any. */
    readonly actions: readonly string[];
    /** Set for what acts itself, e.g. a role: a record counts when the ARN is that of its principal, not of its resource. */
    readonly principal?: true;
    /** The ARN (or ARN prefix) that a usage record must begin with. */
    resourceArn(outputs: PropertyMap): string;
}

export interface ResourceTable {
    /** Type token, e.g. `aws:s3/bucket:Bucket`. */
    readonly type: string;
    /** Documentation page from which update/replace was read. */
    readonly source: string;
    /**
     * Rule per input *leaf*, keyed by its path without list indices: `name`, `rules.filter.prefix`. A leaf that neither stands here
     * nor below a `free` entry is refused by name.
     */
    readonly inputs: Readonly<Record<string, PropertyRule>>;
    /** Every output property of the SDK's class. One that is missing here would silently be `undefined` in the program. */
    readonly outputs: readonly string[];
    /** Outputs that the engine marks as secret. */
    readonly secretOutputs?: readonly string[];
    /** Whether the provider's name property is filled with `<name>-<7 hex>` when the program gives none. */
    readonly autoName?: { readonly property: string; readonly maxLength: number; readonly separator?: string };
    /** Absent for glue that has no data plane of its own (a policy, a permission, an alias). */
    readonly usage?: UsageProof;
}

/** What exists after a create, an update or a read. */
export interface ResourceState {
    readonly id: string;
    /** Values of all of `table.outputs`; a value that does not exist is left out. Inputs are merged below them by the engine. */
    readonly outputs: PropertyMap;
}

/** A resource as the cloud reports it. */
export interface ObservedState extends ResourceState {
    /** The `applied` inputs in the program's shape, as the cloud has them. The engine compares every applied leaf with what was asked. */
    readonly inputs: PropertyMap;
}

export interface CreateRequest {
    readonly urn: string;
    /** The name in the program, e.g. `raw-bucket`. */
    readonly name: string;
    readonly inputs: PropertyMap;
}

export interface UpdateRequest extends CreateRequest {
    readonly id: string;
    readonly oldInputs: PropertyMap;
    readonly oldOutputs: PropertyMap;
}

export interface DeleteRequest {
    readonly urn: string;
    readonly id: string;
    readonly inputs: PropertyMap;
    readonly outputs: PropertyMap;
}

/**
 * The life of one resource type. Errors are thrown as they come from the cloud; the engine adds the resource and, where the
 * message names one, the property. All calls are awaited to the end of what they start: a delete returns when the thing is gone
 * unless the real provider does not wait either, which the handler then says in its comment.
 */
export interface ResourceHandler {
    readonly table: ResourceTable;
    create(request: CreateRequest): Promise<ResourceState>;
    /** Undefined when the resource does not exist. */
    read(request: DeleteRequest): Promise<ObservedState | undefined>;
    /** Absent when every property replaces. */
    update?(request: UpdateRequest): Promise<ResourceState>;
    delete(request: DeleteRequest): Promise<void>;
    /**
     * What a create would give, from the inputs alone; `UNKNOWN` for what cannot be said. A provider that finds what exists may look for it,
     * which is why it may be a promise; it changes nothing.
     */
    predict(request: CreateRequest): ResourceState | PredictedState | Promise<ResourceState | PredictedState>;
}

export interface PredictedState {
    readonly id: string | typeof UNKNOWN;
    readonly outputs: PropertyMap;
}

/** A data source such as `aws:index/getRegion:getRegion`. */
export interface InvokeHandler {
    readonly token: string;
    invoke(args: PropertyMap): Promise<PropertyMap>;
}

/** A resource that a remote component has registered. */
export interface RegisteredChild {
    readonly urn: string;
    /** `UNKNOWN` in a preview. */
    readonly id: string | typeof UNKNOWN;
    readonly outputs: PropertyMap;
}

/** Something of a child, so that the engine knows what depends on it. */
export class ChildValue {
    readonly child: RegisteredChild;
    /** `id`, or the name of an output; undefined for the resource itself. */
    readonly property: string | undefined;

    constructor(child: RegisteredChild, property?: string) {
        this.child = child;
        this.property = property;
    }
}

export interface ChildRequest {
    readonly type: string;
    readonly name: string;
    /** Under which child it stands, and which it waits for. @default the component */
    readonly parent?: RegisteredChild;
    readonly inputs: Readonly<Record<string, PropertyValue | ChildValue>>;
}

export interface ConstructRequest {
    readonly name: string;
    /** As the program gave them; in a preview some may be `UNKNOWN`. */
    readonly inputs: PropertyMap;
    /** Makes a child, or finds it unchanged. */
    register(child: ChildRequest): Promise<RegisteredChild>;
    invoke(token: string, args: PropertyMap): Promise<PropertyMap>;
}

export type ComponentOutputs = Readonly<Record<string, PropertyValue | ChildValue | readonly ChildValue[]>>;

/** A component whose children are registered not by the program but by its package: type by type what that package does. */
export interface RemoteComponent {
    /** Type token, e.g. `awsx:ec2:Vpc`. */
    readonly type: string;
    /** Names of the arguments that are expanded; `construct` refuses every other. */
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    /** Registers the children, parents first. @throws for an argument that it does not know. */
    construct(request: ConstructRequest): Promise<ComponentOutputs>;
}

/** All that an engine can deploy to. */
export interface Provider {
    readonly resources: ReadonlyMap<string, ResourceHandler>;
    readonly invokes: ReadonlyMap<string, InvokeHandler>;
    /** @default none: remote components are refused */
    readonly components?: ReadonlyMap<string, RemoteComponent>;
}
