/** The state of a stack as `pulumi stack export` gives it: what it holds, secrets left out. */
import type { Drift, PendingOperation, StackOutputs, StackResource } from "../engine.ts";
import type { PropertyMap } from "../provider.ts";
import { STACK_TYPE, nameOf } from "../embedded/urn.ts";

/** Marks a value that is more than JSON, source: `sdk/go/common/resource/sig/sig.go` of Pulumi. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
/** Names of the inputs that the provider filled: a provider's own note. */
export const DEFAULTS_KEY = "__defaults";
/** The engine's own: no program declares them. */
const DEFAULT_PROVIDER = /::pulumi:providers:[^:]+::default(_|$)/;

export interface CheckpointResource {
    readonly urn: string;
    readonly type: string;
    readonly custom: boolean;
    readonly id?: string;
    readonly parent?: string;
    readonly dependencies?: readonly string[];
    readonly ignoreChanges?: readonly string[];
    readonly inputs?: PropertyMap;
    readonly outputs?: PropertyMap;
    /** Why it is not as it should be. */
    readonly initErrors?: readonly string[];
}

interface CheckpointOperation {
    readonly resource: CheckpointResource;
    readonly type: PendingOperation["operation"];
}

/** `pulumi stack export`, as far as it is read here. */
export interface StackExport {
    readonly version: number;
    readonly deployment: {
        readonly resources?: readonly CheckpointResource[] | null;
        readonly pending_operations?: readonly CheckpointOperation[] | null;
    } | null;
}

/** Resources that the program declared: the engine's default providers are left out. */
export function readResources({ deployment }: StackExport): readonly StackResource[] {
    return (deployment?.resources ?? []).filter(({ urn }) => !isDefaultProvider(urn)).map(describeResource);
}

export function readPendingOperations({ deployment }: StackExport): readonly PendingOperation[] {
    return (deployment?.pending_operations ?? []).map(({ resource, type }) => ({
        urn: resource.urn, type: resource.type, name: nameOf(resource.urn), operation: type, inputs: withoutSecrets(resource.inputs),
    }));
}

/** The drift that the next up puts right: what the program asks to ignore stays as somebody else has written it. */
export function withoutIgnored(drift: readonly Drift[], { deployment }: StackExport): readonly Drift[] {
    const ignored = new Map((deployment?.resources ?? []).map(({ urn, ignoreChanges }) => [urn, ignoreChanges ?? []]));
    return drift.flatMap((each) => {
        const properties = each.properties.filter((name) => !ignored.get(each.urn)?.includes(name));
        return each.kind === "changed" && properties.length === 0 && each.properties.length > 0 ? [] : [{ ...each, properties }];
    });
}

/** Outputs of the stack's own resource. */
export function readOutputs({ deployment }: StackExport): StackOutputs {
    return withoutSecrets((deployment?.resources ?? []).find(({ type }) => type === STACK_TYPE)?.outputs);
}

/** Version of the plugin behind a package's default provider; undefined when the state has none. */
export function findPluginVersion({ deployment }: StackExport, packageName: string): string | undefined {
    const type = `pulumi:providers:${packageName}`;
    const found = (deployment?.resources ?? []).find((resource) => resource.type === type && isDefaultProvider(resource.urn));
    const version = found?.inputs?.["version"];
    return typeof version === "string" ? version : undefined;
}

/** The texts of all secrets in an export that shows them (`--show-secrets`). */
export function findSecretTexts(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap(findSecretTexts);
    if (!isRecord(value)) return [];
    if (!isSecret(value)) return Object.values(value).flatMap(findSecretTexts);
    return typeof value["plaintext"] === "string" ? textsOf(JSON.parse(value["plaintext"])) : [];
}

/** Properties that hold a secret, at whatever depth, are left out as a whole; so is the record of defaults, which is the engine's. */
export function withoutSecrets(properties: PropertyMap | undefined): PropertyMap {
    const kept = Object.entries(properties ?? {}).filter(([name, value]) => name !== DEFAULTS_KEY && !holdsSecret(value));
    return Object.fromEntries(kept);
}

export function isDefaultProvider(urn: string): boolean {
    return DEFAULT_PROVIDER.test(urn);
}

function describeResource(resource: CheckpointResource): StackResource {
    return {
        urn: resource.urn, type: resource.type, name: nameOf(resource.urn), custom: resource.custom,
        ...(resource.id === undefined ? {} : { id: resource.id }),
        ...(resource.parent === undefined ? {} : { parent: resource.parent }),
        dependencies: resource.dependencies ?? [], inputs: withoutSecrets(resource.inputs), outputs: withoutSecrets(resource.outputs),
    };
}

/** At whatever depth. */
export function holdsSecret(value: unknown): boolean {
    if (Array.isArray(value)) return value.some(holdsSecret);
    return isRecord(value) && (isSecret(value) || Object.values(value).some(holdsSecret));
}

function isSecret(value: Readonly<Record<string, unknown>>): boolean {
    return value[SIGNATURE_KEY] === SECRET;
}

function textsOf(value: unknown): string[] {
    if (typeof value === "string") return [value];
    if (Array.isArray(value)) return value.flatMap(textsOf);
    return isRecord(value) ? Object.values(value).flatMap(textsOf) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
