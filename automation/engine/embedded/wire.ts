/**
 * Values as they travel between the program and the engine. The signatures are part of Pulumi's protocol
 * (`@pulumi/pulumi/runtime/rpc`): a map with the special key is not a map but what its signature says.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { FileReference, UNKNOWN } from "../provider.ts";
import { ResourceReference, Secret, isMap, mapValues } from "./values.ts";
import type { Value, ValueMap } from "./values.ts";

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type WireMap = { readonly [name: string]: unknown };

function unmarshalFile(kind: "asset" | "archive", wire: WireMap, projectFolder: string): FileReference {
    if (typeof wire["path"] === "string") {
        const file = path.resolve(projectFolder, wire["path"]);
        // A file in an engine's state may be gone or another one by now: its hash came with it.
        return new FileReference(kind, file, typeof wire["hash"] === "string" && wire["hash"] !== "" ? wire["hash"] : hashFile(kind, file));
    }
    if (typeof wire["text"] === "string") return writeText(wire["text"]);
    // The real engine's state may know the hash alone, which is enough to see whether the file changed. After a refresh it takes such an
    // archive for one of no files.
    const isEmpty = wire["assets"] === undefined || Object.keys(wire["assets"] as WireMap).length === 0;
    if (typeof wire["hash"] === "string" && wire["hash"] !== "" && wire["uri"] === undefined && isEmpty) return new FileReference(kind, "", wire["hash"]);
    const what = wire["assets"] !== undefined ? "an AssetArchive" : "a remote asset";
    throw new Error(`${what} is not supported by the embedded engine; give a FileArchive or FileAsset of a file that exists`);
}

function hashFile(kind: "asset" | "archive", file: string): string {
    try {
        return createHash("sha256").update(readFileSync(file)).digest("hex");
    } catch (error) {
        const why = (error as NodeJS.ErrnoException).code === "EISDIR" ? "is a folder, which the embedded engine does not pack; give a zip file" : "cannot be read";
        throw new Error(`${kind} ${file} ${why}`, { cause: error });
    }
}

/** A text asset becomes a file, so that handlers know files only. The name is its hash: the same text is the same file. */
function writeText(text: string): FileReference {
    const hash = createHash("sha256").update(text).digest("hex");
    const folder = path.join(os.tmpdir(), `firstlight-assets-${os.userInfo().uid}`);
    const file = path.join(folder, hash);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
    return new FileReference("asset", file, hash);
}

function unmarshalOutput(wire: WireMap, projectFolder: string): Value {
    const value = wire["value"] === undefined ? UNKNOWN : unmarshal(wire["value"], projectFolder);
    return wire["secret"] === true ? new Secret(value) : value;
}

function unmarshalSigned(signature: unknown, wire: WireMap, projectFolder: string): Value {
    switch (signature) {
        case SECRET: return new Secret(unmarshal(wire["value"], projectFolder));
        case ASSET: return unmarshalFile("asset", wire, projectFolder);
        case ARCHIVE: return unmarshalFile("archive", wire, projectFolder);
        case OUTPUT: return unmarshalOutput(wire, projectFolder);
        case RESOURCE: {
            const id = wire["id"];
            return new ResourceReference(String(wire["urn"]), id === UNKNOWN_TEXT ? UNKNOWN : typeof id === "string" && id !== "" ? id : undefined);
        }
        default: throw new Error(`the program sent a value with the unknown signature ${String(signature)}; is @pulumi/pulumi newer than this engine?`);
    }
}

/**
 * Reads a value that the program sent. Relative paths of files are resolved from the project folder, where the program runs.
 * @throws when a file cannot be read or the kind of value is not supported.
 */
export function unmarshal(wire: unknown, projectFolder: string): Value {
    if (wire === UNKNOWN_TEXT) return UNKNOWN;
    if (wire === undefined || wire === null) return null;
    if (Array.isArray(wire)) return wire.map((item) => unmarshal(item, projectFolder));
    if (typeof wire !== "object") return wire as Value;
    const signature = (wire as WireMap)[SIGNATURE_KEY];
    if (signature !== undefined) return unmarshalSigned(signature, wire as WireMap, projectFolder);
    return mapValues(wire as WireMap, (inner) => unmarshal(inner, projectFolder));
}

/** Reads a whole property map; properties that are `null` count as absent. */
export function unmarshalMap(wire: unknown, projectFolder: string): ValueMap {
    return mapValues(unmarshal(wire ?? {}, projectFolder) as ValueMap, (value) => (value === null ? undefined : value));
}

/** Writes a value for the program. */
export function marshal(value: Value): unknown {
    if (value === UNKNOWN) return UNKNOWN_TEXT;
    if (value instanceof Secret) return { [SIGNATURE_KEY]: SECRET, value: marshal(value.value) };
    if (value instanceof FileReference) return { [SIGNATURE_KEY]: value.kind === "asset" ? ASSET : ARCHIVE, path: value.path, hash: value.hash };
    if (value instanceof ResourceReference) {
        return { [SIGNATURE_KEY]: RESOURCE, urn: value.urn, ...(value.id === undefined ? {} : { id: value.id === UNKNOWN ? UNKNOWN_TEXT : value.id }) };
    }
    if (Array.isArray(value)) return value.map(marshal);
    return isMap(value) ? marshalMap(value) : value;
}

/** Writes a property map for the program. */
export function marshalMap(values: ValueMap): Record<string, unknown> {
    return mapValues(values, (value) => marshal(value));
}
