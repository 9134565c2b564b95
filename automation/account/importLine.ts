/** The command that takes a resource into the state. https://www.pulumi.com/docs/iac/cli/commands/pulumi_import/ */
import type { AdoptedResource } from "../engine/engine.ts";

export type ImportedResource = Pick<AdoptedResource, "type" | "name" | "id" | "parent">;

/** As a person would type it. @param names of parents by URN, where the URN does not say them. @default what the URN says */
export function buildImport({ type, name, id = "", parent }: ImportedResource, names: ReadonlyMap<string, string> = new Map()): string {
    const words = ["pulumi import", quote(type), quote(name), quote(id)];
    return [...words, ...(parent === undefined ? [] : ["--parent", quote(`${names.get(parent) ?? nameOf(parent)}=${parent}`)])].join(" ");
}

/** Last part of a URN. */
function nameOf(urn: string): string {
    return urn.split("::").at(-1) ?? urn;
}

/** For a POSIX shell: ids hold `$` (`$default`). */
function quote(word: string): string {
    return `'${word.replaceAll("'", "'\\''")}'`;
}
