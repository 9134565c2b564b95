/** Settings files of stacks: those that a pull request gets from its stack's own, and what the secrets of a stack need. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, parseDocument } from "yaml";
import { isContinuousIntegration } from "../../continuousIntegration.ts";
import { OperatorError } from "../../errors.ts";
import type { Backend } from "./backend.ts";

/** Between a stack and the suffix of its copy: `dev--pr123`. */
const SEPARATOR = "--";
/** Belong to the one stack; written by the CLI. */
const ENCRYPTION_KEYS = ["secretsprovider", "encryptedkey", "encryptionsalt"] as const;

/** Where the CLI finds the passphrase, or the file that holds it. */
const PASSPHRASES = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"] as const;

export interface SecretsPlace {
    readonly projectFolder: string;
    readonly stack: string;
    readonly backend: Backend;
    /** Of a stack that is new. */
    readonly secretsProvider: string | undefined;
}

/**
 * Writes the settings file of a stack `<stack>--<suffix>` from `Pulumi.<stack>.yaml`; a file that exists keeps its own encryption. Does
 * nothing for other stacks.
 *
 * @throws OperatorError when the stack that it is made from has no file.
 */
export function writeSuffixedStackFile(projectFolder: string, stack: string): void {
    const at = stack.indexOf(SEPARATOR);
    if (at <= 0) return;
    const origin = stackFileOf(projectFolder, stack.slice(0, at));
    if (!existsSync(origin)) {
        const what = `${path.basename(origin)} does not exist, and ${stack} takes its settings from it`;
        throw new OperatorError(what, "name a stack that has a file, with the suffix apart");
    }
    const target = stackFileOf(projectFolder, stack);
    // Whoever reads it meanwhile sees the old file or the new one.
    const draft = `${target}.${process.pid}`;
    writeFileSync(draft, render(origin, existsSync(target) ? readFileSync(target, "utf8") : ""));
    renameSync(draft, target);
}

/**
 * Removes the settings file of a stack `<stack>--<suffix>` that has no state any more. One that says anything else than would be written now
 * stays: a person has changed it. What it knew of the encryption is in the state as well, as long as there is one.
 *
 * @returns the file's name when it was removed
 */
export function removeSuffixedStackFile(projectFolder: string, stack: string): string | undefined {
    const at = stack.indexOf(SEPARATOR);
    const [origin, target] = [stackFileOf(projectFolder, stack.slice(0, Math.max(0, at))), stackFileOf(projectFolder, stack)];
    if (at <= 0 || !existsSync(target) || !existsSync(origin)) return undefined;
    const text = readFileSync(target, "utf8");
    // The CLI writes it anew when it adds the encryption, and lays it out as it likes.
    if (!text.includes(headOf(origin)) || !isDeepStrictEqual(parse(text), parse(render(origin, text)))) return undefined;
    rmSync(target);
    return path.basename(target);
}

/** @param earlier what the file says now; its encryption is kept */
function render(origin: string, earlier: string): string {
    const settings = parseDocument(readFileSync(origin, "utf8"));
    const own = parseDocument(earlier);
    for (const key of ENCRYPTION_KEYS) {
        settings.delete(key);
        if (own.has(key)) settings.set(key, own.get(key));
    }
    return `${headOf(origin)}\n${String(settings)}`;
}

function headOf(origin: string): string {
    return `# Written by the driver from ${path.basename(origin)}: change that one.`;
}

/**
 * A stack whose secrets a passphrase protects needs one, and the CLI would ask a terminal that is not there.
 *
 * @throws OperatorError when it is missing.
 */
export function requirePassphrase({ projectFolder, stack, backend, secretsProvider }: SecretsPlace, environment: NodeJS.ProcessEnv): void {
    // A secret that CI does not have arrives as an empty text; at home somebody may mean it.
    const isGiven = (name: string): boolean => environment[name] !== undefined && (environment[name] !== "" || !isContinuousIntegration(environment));
    if (backend.kind === "service" || PASSPHRASES.some(isGiven)) return;
    const written = readSecretsProvider(projectFolder, stack);
    const provider = written ?? secretsProvider ?? "passphrase";
    if (provider !== "passphrase" && provider !== "default") return;
    const passphrase = `set ${PASSPHRASES.join(" or ")} to the stack's passphrase; a new stack takes the one that you choose, so keep it`;
    if (written !== undefined) throw new OperatorError(`stack ${stack}: its secrets are protected by a passphrase, and PULUMI_CONFIG_PASSPHRASE is not set`, passphrase);
    throw new OperatorError(
        `stack ${stack}: no key is named that protects its secrets, and PULUMI_CONFIG_PASSPHRASE is not set`,
        `with a key of bootstrap, set FIRSTLIGHT_SECRETS_PROVIDER to what it printed (docs/state.md, Bootstrap); without one, ${passphrase}`);
}

function readSecretsProvider(projectFolder: string, stack: string): string | undefined {
    const file = stackFileOf(projectFolder, stack);
    if (!existsSync(file)) return undefined;
    const provider: unknown = parseDocument(readFileSync(file, "utf8")).get("secretsprovider");
    return typeof provider === "string" && provider !== "" ? provider : undefined;
}

function stackFileOf(projectFolder: string, stack: string): string {
    return path.join(projectFolder, `Pulumi.${stack}.yaml`);
}
