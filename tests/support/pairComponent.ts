/** A remote component of the memory provider, for both engines. */
import { ChildValue } from "../../automation/engine/provider.ts";
import type { Provider, RemoteComponent } from "../../automation/engine/provider.ts";
import { createMemoryProvider } from "./embeddedMemoryProvider.ts";
import type { MemoryCloud } from "./embeddedMemoryProvider.ts";

/** Two things, the second below the first and with its ARN and its secret token; `size` replaces both. */
export const pair: RemoteComponent = {
    type: "memory:index:Pair",
    inputs: ["value", "size"],
    outputs: ["first", "firstId", "ids", "word"],
    async construct({ name, inputs, register, invoke }) {
        if ("colour" in inputs) throw new Error("the argument colour is not known");
        const { word } = await invoke("memory:index/getWord:getWord", { text: "first" });
        const first = await register({
            type: "memory:index/thing:Thing", name: `${name}-first`,
            inputs: { value: inputs["value"] ?? "x", size: inputs["size"] ?? 1, tags: { word: word ?? "" } },
        });
        const second = await register({
            type: "memory:index/thing:Thing", name: `${name}-first-second`, parent: first,
            inputs: { value: new ChildValue(first, "arn"), password: new ChildValue(first, "token") },
        });
        const [firstId, secondId] = [new ChildValue(first, "id"), new ChildValue(second, "id")];
        return { first: new ChildValue(first), firstId, ids: [firstId, secondId], word: word ?? "" };
    },
};

/** The class that a program declares it with. */
export const PAIR_CLASS = `class Pair extends pulumi.ComponentResource {
    constructor(name, args = {}, opts) {
        super("memory:index:Pair", name, { first: undefined, firstId: undefined, ids: undefined, word: undefined, ...args }, opts, true);
    }
}
`;

export function createPairProvider(cloud: MemoryCloud): Provider {
    return { ...createMemoryProvider(cloud), components: new Map([[pair.type, pair]]) };
}
