/** The random part of bucket names lives in the state only; but every bucket of ours carries it. */
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import type { AccountClients } from "../clients.ts";
import type { ResourceOwner } from "../ownedResource.ts";
import { gather, importPage, isOwnedBy } from "./lookup.ts";
import type { Lookup } from "./lookup.ts";
import { readBucketTags } from "./s3.ts";

/** Hexadecimal suffixes of that many bytes that buckets of this stack end in. */
async function findSuffixes(byteLength: number, { aws: { s3 } }: AccountClients, owner: ResourceOwner): Promise<ReadonlySet<string>> {
    const buckets = await gather(async (ContinuationToken) => {
        const page = await s3.send(new ListBucketsCommand({ ContinuationToken }));
        return { items: page.Buckets, next: page.ContinuationToken };
    });
    const suffixes = new Set<string>();
    for (const { Name = "" } of buckets) {
        const suffix = new RegExp(`-([0-9a-f]{${byteLength * 2}})$`).exec(Name)?.[1];
        if (suffix === undefined || suffixes.has(suffix)) continue;
        if (isOwnedBy(await readBucketTags(s3, Name) ?? {}, owner)) suffixes.add(suffix);
    }
    return suffixes;
}

const randomId: Lookup = {
    type: "random:index/randomId:RandomId",
    source: importPage("randomid", "random"),
    async candidates(inputs, clients, owner) {
        const { byteLength } = inputs;
        if (typeof byteLength !== "number") return [];
        return [...await findSuffixes(byteLength, clients, owner)].map((hex) => {
            const bytes = Buffer.from(hex, "hex");
            const id = bytes.toString("base64url");
            return { id, outputs: { hex, b64Url: id, b64Std: bytes.toString("base64"), dec: BigInt(`0x${hex}`).toString(10) } };
        });
    },
};

export const randomLookups: readonly Lookup[] = [randomId];
