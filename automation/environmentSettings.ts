/** The settings file of an environment beside a stack: a copy of the stack's own, with the keys of its own state. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { isMap, parseDocument } from "yaml";
import { pulumiStackOf } from "../components/environmentName.ts";
import type { StackName } from "../components/environmentName.ts";

/** What Pulumi writes into the file about the state's encryption: it belongs to one state. https://www.pulumi.com/docs/iac/concepts/secrets/ */
const OF_THE_STATE = ["secretsprovider", "encryptedkey", "encryptionsalt"];

/** Writes `Pulumi.<stack>--<suffix>.yaml`; nothing without a suffix. An earlier one is written anew, but keeps the keys of its state. */
export async function writeEnvironmentSettings(projectFolder: string, name: StackName): Promise<void> {
    const pulumiStack = pulumiStackOf(name);
    if (pulumiStack === name.stack) return;
    const file = path.join(projectFolder, `Pulumi.${pulumiStack}.yaml`);
    const settings = parseDocument(await readFile(path.join(projectFolder, `Pulumi.${name.stack}.yaml`), "utf8"));
    const earlier = parseDocument(await readFile(file, "utf8").catch(() => ""));
    if (isMap(settings.contents)) {
        for (const key of OF_THE_STATE) {
            settings.delete(key);
            if (isMap(earlier.contents) && earlier.has(key)) settings.set(key, earlier.get(key));
        }
    }
    settings.commentBefore = ` Written by automation/deploy.ts from Pulumi.${name.stack}.yaml; not kept in git.`;
    await writeFile(file, settings.toString());
}
