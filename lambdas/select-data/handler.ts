import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import type { SelectionResult } from "../shared/documents.ts";
import { isEmulated, readEnvironment } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { selectData, type ListedVersion } from "./core.ts";

const { RAW_BUCKET, DATA_PREFIX } = readEnvironment("RAW_BUCKET", "DATA_PREFIX");
const s3 = new S3Client({ forcePathStyle: isEmulated() });

/** Step SelectData of the state machine. */
export async function handler(): Promise<SelectionResult> {
    const result = await selectData(RAW_BUCKET, listVersions());
    log("info", "data selected", { ...result });
    return result;
}

async function* listVersions(): AsyncGenerator<ListedVersion> {
    let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (;;) {
        const page = await s3.send(new ListObjectVersionsCommand({ Bucket: RAW_BUCKET, Prefix: DATA_PREFIX, ...marker }));
        for (const { Key = "", VersionId = "null", IsLatest = false, Size = 0, LastModified = new Date(0) } of page.Versions ?? []) {
            yield { key: Key, versionId: VersionId, isLatest: IsLatest, bytes: Size, modifiedAt: LastModified };
        }
        if (page.IsTruncated !== true) return;
        marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
}
