/** What the system's refusals mean for a lock that is kept in files. */
import { OperatorError } from "../errors.ts";

const MEANINGS: Readonly<Record<string, readonly [what: string, fix: string]>> = {
    ENOSPC: ["the disk is full", "make room on it"],
    EDQUOT: ["the disk quota is used up", "make room below the quota"],
    EROFS: ["the file system is read-only", "mount it writable, or choose another backend"],
    EACCES: ["this user may not write there", "give this user the right to read and write the backend's folder"],
    EPERM: ["the file system refused a hard link", "put the backend on a file system with hard links, or use an s3:// backend"],
    ENOTSUP: ["the file system has no hard links", "put the backend on a file system with hard links, or use an s3:// backend"],
    ENOTDIR: ["a part of its path is a file", "correct PULUMI_BACKEND_URL, or remove that file"],
    EEXIST: ["a part of its path is a file", "correct PULUMI_BACKEND_URL, or remove that file"],
};

/** The error with what to do, where it is known; otherwise as it is. */
export function explainFileError(error: unknown, folder: string): unknown {
    const code = (error as NodeJS.ErrnoException | null)?.code;
    const meaning = code === undefined ? undefined : MEANINGS[code];
    if (meaning === undefined) return error;
    const [what, fix] = meaning;
    return new OperatorError(`the driver's lock in ${folder} cannot be written or read: ${what} (${code})`, fix, { cause: error });
}
