/** Where in the program a resource is declared, from the stack that the SDK sends with its registration. */
import { realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { SourcePosition } from "../engine.ts";

/** The innermost line of the project itself: what a component of ours declares lies in that component. Undefined when no frame says it. */
export function readSourcePosition(request: RegisterResourceRequest, projectFolder: string): SourcePosition | undefined {
    // Node names its modules by their real path.
    const folder = realpathSync(projectFolder);
    const frames = request.getStacktrace()?.getFramesList() ?? [];
    for (const position of frames.map((frame) => frame.getPc())) {
        const file = position === undefined ? undefined : fileInProject(position.getUri(), folder);
        if (position !== undefined && file !== undefined) return { file, line: position.getLine() };
    }
    return undefined;
}

/**
 * Relative to the project, with slashes; undefined outside of it. The SDK takes the frame of an ES module, which is a URL already, for a path,
 * and makes a URL of it once more: `file:///project/file:/project/index.ts` (`Resource.stackTrace` in resource.js of @pulumi/pulumi 3.270.0).
 *
 * Exported for its test.
 */
export function fileInProject(uri: string, projectFolder: string): string | undefined {
    const file = toPath(uri);
    const inner = file?.indexOf("file:/") ?? -1;
    const real = inner < 0 ? file : toPath(file!.slice(inner));
    if (real === undefined) return undefined;
    const relative = path.relative(projectFolder, real);
    const isOurs = relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative) && !relative.split(path.sep).includes("node_modules");
    return isOurs ? relative.replaceAll(path.sep, "/") : undefined;
}

function toPath(uri: string): string | undefined {
    try {
        return fileURLToPath(uri);
    } catch {
        return undefined;
    }
}
