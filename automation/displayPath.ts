import path from "node:path";

/** A file's path as a person would write it here: relative where it lies below this folder, absolute elsewhere. */
export function displayPath(file: string, folder: string = process.cwd()): string {
    const relative = path.relative(folder, file);
    return relative === "" || relative.startsWith("..") || path.isAbsolute(relative) ? file : relative;
}
