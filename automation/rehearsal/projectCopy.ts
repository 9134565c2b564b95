/**
 * A folder that is the project for the Pulumi CLI: the CLI writes into the stack's settings file, which must not be the repository's.
 * Everything else is the repository's own, by links.
 */
import { mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import type { StackSettings } from "../stackSettings.ts";

/** Hidden folders that are needed: bundles of the functions, where the program looks for them, and a Pulumi CLI that was installed. */
const HIDDEN = ["bundles", "pulumi"].map((name) => path.join(".firstlight", name));

export interface ProjectCopyOptions {
    readonly projectFolder: string;
    /** Is made. */
    readonly folder: string;
    readonly settings: StackSettings;
    /** From the project's folder. */
    readonly program: string;
    /** A copy of the same stack, with what the CLI has written into its settings: the salt of the state's encryption. */
    readonly former?: string;
}

export async function copyProject({ projectFolder, folder, settings, program, former }: ProjectCopyOptions): Promise<void> {
    const settingsFile = `Pulumi.${settings.stack}.yaml`;
    await mkdir(path.join(folder, ".firstlight"), { recursive: true });
    for (const name of HIDDEN) {
        await mkdir(path.join(projectFolder, name), { recursive: true });
        await symlink(path.join(projectFolder, name), path.join(folder, name));
    }
    // The CLI looks for packages in every folder that it sees; what is hidden holds none.
    const names = (await readdir(projectFolder)).filter((name) => !name.startsWith(".") && !/^Pulumi\..*yaml$/.test(name));
    await Promise.all(names.map((name) => symlink(path.join(projectFolder, name), path.join(folder, name))));
    const project = parse(await readFile(path.join(projectFolder, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    await writeFile(path.join(folder, "Pulumi.yaml"), stringify({ ...project, main: program }));
    const written = former === undefined ? {} : parse(await readFile(path.join(former, settingsFile), "utf8")) as Record<string, unknown>;
    await writeFile(path.join(folder, settingsFile), stringify({ ...written, config: settings.config }));
}
