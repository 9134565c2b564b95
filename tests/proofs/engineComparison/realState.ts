/** What the real engine did and left, read from its event log and its state file. */
import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { describeOperation, withoutEmpty } from "./observation.ts";
import type { ObservedResource, Observation } from "./observation.ts";

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const DEFAULT_PROVIDER = /::pulumi:providers:[^:]+::default(_|$)/;
/** Of the passphrase provider, source: `pkg/secrets/passphrase` and `sdk/go/common/resource/config/crypt.go` of Pulumi. */
const KEY_ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const TAG_BYTES = 16;

interface StateResource {
    readonly urn: string;
    readonly id?: string;
    readonly custom: boolean;
    readonly parent?: string;
    readonly inputs?: Record<string, unknown>;
    readonly outputs?: Record<string, unknown>;
    readonly dependencies?: readonly string[];
    readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
    readonly protect?: boolean;
    readonly retainOnDelete?: boolean;
    readonly deletedWith?: string;
    readonly delete?: boolean;
    readonly pendingReplacement?: boolean;
    readonly initErrors?: readonly string[];
}

interface StateDocument {
    readonly checkpoint: { readonly latest?: { readonly secrets_providers?: { readonly state?: { readonly salt?: string } }; readonly resources?: readonly StateResource[] } };
}

interface StepMetadata {
    readonly op: string;
    readonly urn: string;
    readonly old?: { readonly retainOnDelete?: boolean };
}

interface LogLine {
    readonly resOutputsEvent?: { readonly metadata: StepMetadata };
    readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
}

/** Real operations by the names of the embedded engine; what is missing is no operation of its own. */
const OPERATIONS: Readonly<Record<string, string>> = {
    create: "create", update: "update", delete: "delete", "create-replacement": "replace", "delete-replaced": "replace",
};

const keys = new Map<string, Buffer>();

function keyOf(passphrase: string, salt: string): Buffer {
    const name = `${passphrase} ${salt}`;
    const key = keys.get(name) ?? pbkdf2Sync(passphrase, Buffer.from(salt.split(":")[1] ?? "", "base64"), KEY_ITERATIONS, KEY_BYTES, "sha256");
    keys.set(name, key);
    return key;
}

function decrypt(ciphertext: string, key: Buffer): unknown {
    const [, nonce = "", text = ""] = ciphertext.split(":");
    const bytes = Buffer.from(text, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8"));
}

function reveal(value: unknown, key: Buffer): unknown {
    if (Array.isArray(value)) return value.map((item) => reveal(item, key));
    if (typeof value !== "object" || value === null) return value;
    const map = value as Record<string, unknown>;
    if (map[SIGNATURE_KEY] === SECRET) return { $secret: reveal(decrypt(String(map["ciphertext"]), key), key) };
    return Object.fromEntries(Object.entries(map).map(([name, inner]) => [name, reveal(inner, key)]));
}

/** Reads a state file of the real engine, secrets decrypted and marked, without default providers. */
export function observeRealState(text: string, passphrase: string): ObservedResource[] {
    const { latest } = (JSON.parse(text) as StateDocument).checkpoint;
    const key = keyOf(passphrase, latest?.secrets_providers?.state?.salt ?? "");
    return (latest?.resources ?? []).filter(({ urn }) => !DEFAULT_PROVIDER.test(urn)).map((resource) => {
        const { __defaults: _, ...inputs } = resource.inputs ?? {};
        return {
            urn: resource.urn, custom: resource.custom,
            ...(resource.id === undefined || resource.id === "" ? {} : { id: resource.id }),
            ...(resource.parent === undefined ? {} : { parent: resource.parent }),
            ...(resource.deletedWith === undefined ? {} : { deletedWith: resource.deletedWith }),
            inputs: reveal(inputs, key), outputs: reveal(resource.outputs ?? {}, key),
            dependencies: [...resource.dependencies ?? []].sort(), propertyDependencies: withoutEmpty(resource.propertyDependencies),
            protect: resource.protect ?? false, retainOnDelete: resource.retainOnDelete ?? false,
            pendingDeletion: resource.delete ?? false, pendingReplacement: resource.pendingReplacement ?? false,
            hasInitErrors: (resource.initErrors ?? []).length > 0,
        };
    });
}

function nameOperation({ op, old }: StepMetadata): string | undefined {
    return op === "delete" && old?.retainOnDelete === true ? "retain" : OPERATIONS[op];
}

/** Reads an event log. */
export function observeEvents(log: string): Pick<Observation, "operations" | "failedOperations" | "same"> {
    const lines = log.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as LogLine);
    const select = (kind: keyof LogLine): StepMetadata[] => lines.flatMap((line) => line[kind]?.metadata ?? []).filter(({ urn }) => !DEFAULT_PROVIDER.test(urn));
    const describe = (step: StepMetadata): string[] => {
        const operation = nameOperation(step);
        return operation === undefined ? [] : [describeOperation(operation, step.urn)];
    };
    const done = select("resOutputsEvent");
    return {
        operations: done.flatMap(describe).sort(),
        failedOperations: select("resOpFailedEvent").flatMap(describe).sort(),
        same: done.filter(({ op }) => op === "same").length,
    };
}
