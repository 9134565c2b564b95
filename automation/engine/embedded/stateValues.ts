/** Values as they stand in a state file: JSON, in which secrets are sealed. */
import { FileReference, UNKNOWN } from "../provider.ts";
import type { SealedSecret, SecretBox } from "./encryption.ts";
import { ResourceReference, Secret, isMap, mapValues } from "./values.ts";
import type { Value } from "./values.ts";

/** Marks a map in the file that stands for a secret, a file or a resource. */
const KIND_KEY = "$firstlight";

/** Turns a value into JSON, secrets sealed. */
export function encodeValue(value: Value, box: SecretBox): unknown {
    if (value === UNKNOWN) throw new Error("an unknown value cannot be kept in state");
    if (value instanceof Secret) return { [KIND_KEY]: "secret", ...box.seal(JSON.stringify(encodeValue(value.value, box))) };
    if (value instanceof FileReference) return { [KIND_KEY]: value.kind, path: value.path, hash: value.hash };
    if (value instanceof ResourceReference) return { [KIND_KEY]: "resource", urn: value.urn, ...(typeof value.id === "string" ? { id: value.id } : {}) };
    if (Array.isArray(value)) return value.map((item: Value) => encodeValue(item, box));
    return isMap(value) ? mapValues(value, (inner) => encodeValue(inner, box)) : value;
}

/** Reads a value back. @throws when a secret cannot be decrypted. */
export function decodeValue(json: unknown, box: SecretBox): Value {
    if (Array.isArray(json)) return json.map((item) => decodeValue(item, box));
    if (typeof json !== "object" || json === null) return json as Value;
    const map = json as Record<string, string>;
    switch (map[KIND_KEY]) {
        case undefined: return mapValues(map, (inner) => decodeValue(inner, box));
        case "secret": return new Secret(decodeValue(JSON.parse(box.open(json as SealedSecret)), box));
        case "asset":
        case "archive": return new FileReference(map[KIND_KEY], String(map["path"]), String(map["hash"]));
        default: return new ResourceReference(String(map["urn"]), map["id"]);
    }
}
