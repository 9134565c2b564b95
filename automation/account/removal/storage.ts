/** Deletes what holds data. Nothing of it comes back. */
import { DeleteTableCommand, DescribeTableCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { DeleteStreamCommand, DescribeStreamSummaryCommand } from "@aws-sdk/client-kinesis";
import { DeleteBucketCommand } from "@aws-sdk/client-s3";
import { unlessGone } from "../owned/search.ts";
import { emptyBucket } from "./emptyBucket.ts";
import { nameOf } from "./remover.ts";
import type { RemovalContext, Remover } from "./remover.ts";

export const stream: Remover = {
    kind: "kinesis:stream",
    holdsData: true,
    async remove(resource, { clients }) {
        await clients.aws.kinesis.send(new DeleteStreamCommand({ StreamName: nameOf(resource), EnforceConsumerDeletion: true }));
    },
    async isGone(resource, { clients }) {
        return await unlessGone(() => clients.aws.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: nameOf(resource) }))) === undefined;
    },
};

export const table: Remover = {
    kind: "dynamodb:table",
    holdsData: true,
    async remove(resource, context) {
        await liftTableProtection(nameOf(resource), context);
        await context.clients.aws.dynamodb.send(new DeleteTableCommand({ TableName: nameOf(resource) }));
    },
    async isGone(resource, { clients }) {
        return await unlessGone(() => clients.aws.dynamodb.send(new DescribeTableCommand({ TableName: nameOf(resource) }))) === undefined;
    },
};

/** Whether there was a protection. */
export async function liftTableProtection(TableName: string, { clients, progress }: Pick<RemovalContext, "clients" | "progress">): Promise<boolean> {
    const { dynamodb } = clients.aws;
    const found = (await unlessGone(() => dynamodb.send(new DescribeTableCommand({ TableName }))))?.Table;
    if (found?.DeletionProtectionEnabled !== true) return false;
    await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    progress(`lifted the deletion protection of table ${TableName}`);
    return true;
}

/** S3 goes on delivering access logs for a while, so a bucket that was empty may not be any more: it is emptied again. */
export const bucket: Remover = {
    kind: "s3:bucket",
    holdsData: true,
    async remove(resource, context) {
        const Bucket = nameOf(resource);
        const deleted = await emptyBucket(Bucket, context);
        if (deleted > 0) context.progress(`emptied bucket ${Bucket}: ${deleted} versions and markers`);
        await context.clients.aws.s3.send(new DeleteBucketCommand({ Bucket }));
    },
};
