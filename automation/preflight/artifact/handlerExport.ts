/** Whether a function's file has what the function's `handler` names, as far as its text says; nothing is run. */

/** What `index.handler` means for a runtime: files of which one must be there, and the name in it. */
export interface HandlerPlace {
    readonly files: readonly string[];
    readonly name: string;
}

/** Undefined for a runtime whose handlers name no file of the archive. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html */
export function locateHandler(handler: string, runtime: string): HandlerPlace | undefined {
    if (runtime.startsWith("nodejs")) {
        // The first dot of the last part; what follows may be a path into an object.
        const dot = handler.indexOf(".", handler.lastIndexOf("/") + 1);
        const [file, name = ""] = dot < 0 ? [handler] : [handler.slice(0, dot), handler.slice(dot + 1)];
        return { files: [".js", ".mjs", ".cjs"].map((ending) => file + ending), name: name.split(".")[0] ?? name };
    }
    if (runtime.startsWith("python")) {
        const dot = handler.lastIndexOf(".");
        const file = handler.slice(0, Math.max(dot, 0)).replaceAll(".", "/");
        return { files: [`${file}.py`, `${file}/__init__.py`], name: handler.slice(dot + 1) };
    }
    return undefined;
}

/** Bundlers leave a list of the names for Node, which reads it without running the file. https://esbuild.github.io/api/#platform */
const NAMES_FOR_NODE = /\b0\s*&&\s*\(module\.exports\s*=\s*\{([^}]*)\}\)/;

/** Whether the text exports the name, or may: what it hands on from another file, or computes, cannot be told without running it. */
export function mayExport(source: string, name: string): boolean {
    const listed = NAMES_FOR_NODE.exec(source)?.[1];
    if (listed !== undefined) return listed.split(",").some((each) => each.trim().split(/\s*:\s*/)[0] === name);
    const word = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const forms = [
        `\\bexports\\.${word}\\s*=`,
        `\\bexports\\[["']${word}["']\\]\\s*=`,
        `\\bdefineProperty\\(\\s*exports\\s*,\\s*["']${word}["']`,
        `\\bmodule\\.exports\\s*=\\s*\\{[^}]*\\b${word}\\b`,
        "\\bmodule\\.exports\\s*=\\s*[\\w$]",
        `\\bexport\\s+(async\\s+)?(const|let|var|class|function\\*?)\\s+${word}\\b`,
        `\\bexport\\s*\\{[^}]*\\b${word}\\s*[,}]`,
        "\\bexport\\s*\\*|__exportStar\\(",
        // Python.
        `^(async\\s+)?def\\s+${word}\\s*\\(`,
        `^${word}\\s*=`,
        `^from\\s+\\S+\\s+import\\b.*\\b${word}\\b`,
    ];
    return forms.some((form) => new RegExp(form, "m").test(source));
}
