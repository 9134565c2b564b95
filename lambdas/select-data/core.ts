/** First step of a scheduled run: finds the data that came last. */
import type { SelectionResult } from "../shared/documents.ts";

/** A version of an object, as a listing has it. */
export interface ListedVersion {
    readonly key: string;
    readonly versionId: string;
    /** Whether it is what a reader without a version gets. */
    readonly isLatest: boolean;
    readonly bytes: number;
    readonly modifiedAt: Date;
}

/**
 * The newest object that has content: an empty one is no data, the S3 console makes one for every folder. Of two of the same second the
 * one whose key sorts last, so that a retry finds the same.
 *
 * @param versions all below the data prefix; deleted objects have no latest version among them.
 */
export async function selectData(bucket: string, versions: AsyncIterable<ListedVersion>): Promise<SelectionResult> {
    let newest: ListedVersion | undefined;
    for await (const version of versions) {
        if (version.isLatest && version.bytes > 0 && (newest === undefined || isAfter(version, newest))) newest = version;
    }
    return { upload: newest === undefined ? null : { bucket, key: newest.key, versionId: newest.versionId } };
}

function isAfter(one: ListedVersion, other: ListedVersion): boolean {
    const milliseconds = one.modifiedAt.getTime() - other.modifiedAt.getTime();
    return milliseconds > 0 || (milliseconds === 0 && one.key > other.key);
}
