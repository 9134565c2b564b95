/** A folder as a user has it: the project, in which only the stack's file, and perhaps the project's name, are the user's own. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseDocument, stringify } from "yaml";
import { PROJECT_FOLDER } from "../proof.ts";

/** What the commands keep and read again: without it each folder would bundle and compile everything anew. */
const KEPT = ["bundles", "compile-cache"];

/** What a user writes. */
export interface UserSettings {
    /** Of `Pulumi.<stack>.yaml`. */
    readonly stack: string;
    /** The stack whose file is taken and changed, line by line. @default none: the file is written from nothing */
    readonly from?: string;
    /** Keys below `config`, with their prefixes: `aws:region`, `firstlight:training`. */
    readonly values: Readonly<Record<string, unknown>>;
    /** Name of the Pulumi project. @default the project's own */
    readonly project?: string;
}

export interface UserFolder {
    /** Absolute. */
    readonly folder: string;
    remove(): void;
}

export function createUserFolder(settings: UserSettings): UserFolder {
    const folder = mkdtempSync(path.join(tmpdir(), "firstlight-user-"));
    mkdirSync(path.join(folder, ".firstlight"));
    for (const name of KEPT) {
        mkdirSync(path.join(PROJECT_FOLDER, ".firstlight", name), { recursive: true });
        symlinkSync(path.join(PROJECT_FOLDER, ".firstlight", name), path.join(folder, ".firstlight", name));
    }
    for (const name of readdirSync(PROJECT_FOLDER)) {
        if (!name.startsWith(".") && !/^Pulumi\..*yaml$/.test(name)) symlinkSync(path.join(PROJECT_FOLDER, name), path.join(folder, name));
    }
    writeFileSync(path.join(folder, "Pulumi.yaml"), buildProjectFile(settings));
    writeFileSync(path.join(folder, `Pulumi.${settings.stack}.yaml`), buildStackFile(settings));
    return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function buildProjectFile({ project }: UserSettings): string {
    const document = parseDocument(readProjectFile("Pulumi.yaml"));
    if (project !== undefined) document.set("name", project);
    return document.toString();
}

/** Comments and all that is not changed stay as they are. */
function buildStackFile({ from, values }: UserSettings): string {
    if (from === undefined) return stringify({ config: values });
    const document = parseDocument(readProjectFile(`Pulumi.${from}.yaml`));
    for (const [key, value] of Object.entries(values)) document.setIn(["config", key], value);
    return document.toString();
}

function readProjectFile(name: string): string {
    return readFileSync(path.join(PROJECT_FOLDER, name), "utf8");
}
