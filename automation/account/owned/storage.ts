/** Buckets, tables and streams: what holds data. */
import { ListTagsOfResourceCommand, paginateListTables } from "@aws-sdk/client-dynamodb";
import { ListTagsForStreamCommand, paginateListStreams } from "@aws-sdk/client-kinesis";
import { GetBucketTaggingCommand, paginateListBuckets } from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import { fromTagList, gather, keepOurs } from "./search.ts";
import type { Finder, Tags } from "./search.ts";

export const buckets: Finder = {
    what: "buckets of S3",
    async find(search) {
        const { s3 } = search.clients.aws;
        const partition = search.arn("s3", "").split(":")[1] ?? "";
        const listed = await gather(paginateListBuckets({ client: s3 }, {}), ({ Buckets }) => Buckets);
        const named = listed.map(({ Name = "" }) => ({ name: Name, arn: `arn:${partition}:s3:::${Name}` }));
        return keepOurs(search, named, ({ name }) => readTags(s3, name));
    },
};

/** None for a bucket of another region: the list is the account's, and a stack of the same name may live there. */
async function readTags(s3: S3Client, Bucket: string): Promise<Tags> {
    try {
        return fromTagList((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet);
    } catch (error) {
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
        if (error instanceof Error && ["PermanentRedirect", "AuthorizationHeaderMalformed"].includes(error.name)) return {};
        throw error;
    }
}

export const tables: Finder = {
    what: "tables of DynamoDB",
    async find(search) {
        const { dynamodb } = search.clients.aws;
        const names = await gather(paginateListTables({ client: dynamodb }, {}), ({ TableNames }) => TableNames);
        const named = names.map((name) => ({ name, arn: search.arn("dynamodb", `table/${name}`) }));
        return keepOurs(search, named, async ({ arn }) => fromTagList((await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: arn }))).Tags));
    },
};

export const streams: Finder = {
    what: "streams of Kinesis",
    async find(search) {
        const { kinesis } = search.clients.aws;
        const names = await gather(paginateListStreams({ client: kinesis }, {}), ({ StreamNames }) => StreamNames);
        const named = names.map((name) => ({ name, arn: search.arn("kinesis", `stream/${name}`) }));
        return keepOurs(search, named, async ({ name }) => fromTagList((await kinesis.send(new ListTagsForStreamCommand({ StreamName: name }))).Tags));
    },
};
