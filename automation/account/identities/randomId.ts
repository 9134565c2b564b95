/** The random part of bucket names lives in the state only; but every bucket of ours carries it. */
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { createNaming } from "../../../components/naming.ts";
import { OperatorError } from "../../errors.ts";
import type { AccountClients } from "../clients.ts";
import type { ResourceOwner } from "../ownedResource.ts";
import { gather, importPage, isOwnedBy } from "./lookup.ts";
import type { Lookup } from "./lookup.ts";
import { readBucketTags } from "./s3.ts";

/** Hexadecimal suffixes of that many bytes that buckets of this stack end in. */
async function findSuffixes(byteLength: number, { aws: { s3, target }, accountId }: AccountClients, owner: ResourceOwner): Promise<ReadonlySet<string>> {
    const { region } = target;
    const { prefix } = createNaming(owner, { accountId, region });
    const buckets = await gather(async (ContinuationToken) => {
        const page = await s3.send(new ListBucketsCommand({ ContinuationToken }));
        return { items: page.Buckets, next: page.ContinuationToken };
    });
    const suffixes = new Set<string>();
    for (const { Name = "" } of buckets) {
        const suffix = new RegExp(`-([0-9a-f]{${byteLength * 2}})$`).exec(Name)?.[1];
        if (suffix === undefined || suffixes.has(suffix)) continue;
        const tags = await readBucketTags(s3, Name);
        // Taken for somebody else's, all buckets would be made a second time under another suffix, and the data stay behind.
        if (tags === undefined && Name.startsWith(`${prefix}-`) && Name.includes(`-${accountId}-${region}-`)) {
            throw new OperatorError(`the tags of bucket ${Name} cannot be read, so whether it is the stack's is not known`, "allow s3:GetBucketTagging on it");
        }
        if (isOwnedBy(tags ?? {}, owner)) suffixes.add(suffix);
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
