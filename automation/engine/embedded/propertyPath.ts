/** Paths as in `ignoreChanges` and `replaceOnChanges`: `a.b[0].c`, `tags["a.b"]`, `rules[*].name`, `*`. */

export type PropertyPath = readonly (string | number)[];

const SEGMENT = /\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.[\]]+)/gy;

/** @throws when the text is no path. */
export function parsePropertyPath(text: string): PropertyPath {
    const segments: (string | number)[] = [];
    SEGMENT.lastIndex = 0;
    while (SEGMENT.lastIndex < text.length) {
        const match = SEGMENT.exec(text);
        if (match === null) throw new Error(`"${text}" is not a property path; write it like a.b[0].c`);
        const [, index, quoted, name] = match;
        if (index !== undefined) segments.push(index === "*" ? "*" : Number(index));
        else segments.push(quoted === undefined ? name as string : quoted.replaceAll(/\\(.)/g, "$1"));
    }
    return segments;
}

/** `a.b[0].c` of a path. */
export function formatPropertyPath(path: PropertyPath): string {
    return path.map((segment, index) => typeof segment === "number" ? `[${segment}]` : index === 0 ? segment : `.${segment}`).join("");
}

/** Whether `path` is `ancestor` or lies below it; `*` matches any one segment. */
export function pathContains(ancestor: PropertyPath, path: PropertyPath): boolean {
    return ancestor.length <= path.length && ancestor.every((segment, index) => segment === "*" || segment === path[index]);
}
