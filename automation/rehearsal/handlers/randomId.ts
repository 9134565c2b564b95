/** `random:index/randomId:RandomId`: lives in state only. */
import { randomBytes } from "node:crypto";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import type { LocalDefinition } from "./definition.ts";
import { amount, text } from "./inputs.ts";
import { appliedFreeReplaces, appliedReplaces, registryPage } from "./rules.ts";

/** The texts that the provider makes of the bytes. The id is the unprefixed base64url text, as upstream has it. */
export function describeBytes(bytes: Uint8Array, prefix: string): PropertyMap {
    const buffer = Buffer.from(bytes);
    return {
        hex: prefix + buffer.toString("hex"),
        dec: prefix + BigInt(`0x${buffer.toString("hex")}`).toString(10),
        b64Std: prefix + buffer.toString("base64"),
        b64Url: prefix + buffer.toString("base64url"),
    };
}

export const randomId: LocalDefinition = {
    table: {
        type: "random:index/randomId:RandomId",
        source: registryPage("randomid", "random"),
        inputs: { byteLength: appliedReplaces, keepers: appliedFreeReplaces, prefix: appliedReplaces },
        outputs: ["b64Std", "b64Url", "byteLength", "dec", "hex", "keepers", "prefix"],
    },
    predict: () => ({ id: UNKNOWN, outputs: {} }),
    async create({ inputs }) {
        const byteLength = amount(inputs, "byteLength");
        if (byteLength === undefined || byteLength < 1) throw new Error("byteLength: must be 1 or more");
        const bytes = randomBytes(byteLength);
        return { id: bytes.toString("base64url"), outputs: describeBytes(bytes, text(inputs, "prefix") ?? "") };
    },
    describe(id, inputs) {
        const bytes = Buffer.from(id, "base64url");
        return { id, inputs: { ...inputs, byteLength: bytes.length }, outputs: describeBytes(bytes, text(inputs, "prefix") ?? "") };
    },
    async delete() {
        // Nothing outside the state exists.
    },
};
