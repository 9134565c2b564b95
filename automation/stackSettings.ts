/** Reads what Pulumi reads, `Pulumi.yaml` and `Pulumi.<stack>.yaml`, into the flat configuration that a program receives. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { OperatorError } from "./errors.ts";
import { CONFIG_PREFIX, parseConfig } from "../components/config.ts";
import type { PlatformConfig } from "../components/config.ts";
import { splitPulumiStack } from "../components/environmentName.ts";

export interface StackSettings {
    /** Name of the Pulumi project. */
    readonly project: string;
    readonly stack: string;
    /** Flat, with prefixes (`aws:region`, `firstlight:data`); sections and lists as JSON text, as the program receives them. */
    readonly config: Readonly<Record<string, string>>;
}

/** What the rehearsal's options set over the stack's configuration. Undefined leaves the stack's own value. */
export interface DataOverrides {
    readonly label?: string | undefined;
    readonly ignore?: readonly string[] | undefined;
    readonly task?: string | undefined;
}

/**
 * Reads the settings of a stack.
 *
 * @throws OperatorError when a file is missing or is no YAML (with the line), or the stack is unknown (with those that there are).
 */
export async function readStackSettings(projectFolder: string, stack: string): Promise<StackSettings> {
    const project = await readYaml(path.join(projectFolder, "Pulumi.yaml"));
    const name = project["name"];
    if (typeof name !== "string" || name === "") throw new OperatorError("Pulumi.yaml: name is missing", "write `name: firstlight` at its top");
    const known = await listStacks(projectFolder);
    if (!known.includes(stack)) {
        const fix = `choose one of ${known.join(", ")}, or write Pulumi.${stack}.yaml after the pattern of Pulumi.${known[0] ?? "dev"}.yaml`;
        throw new OperatorError(`there is no stack ${JSON.stringify(stack)}: Pulumi.${stack}.yaml does not exist`, fix);
    }
    const file = `Pulumi.${stack}.yaml`;
    const values = (await readYaml(path.join(projectFolder, file)))["config"] ?? {};
    if (!isRecord(values)) throw new OperatorError(`${file}: config must be a section, got ${JSON.stringify(values)}`, "indent its keys below it");
    return { project: name, stack, config: flatten(values, name, file) };
}

/** Names of the stacks that have a file of their own; those of environments beside a stack are written from it. */
export async function listStacks(projectFolder: string): Promise<readonly string[]> {
    const names = (await readdir(projectFolder)).map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1]);
    return names.filter((name) => name !== undefined).filter((name) => splitPulumiStack(name).suffix === undefined).sort();
}

/** The settings with another data set described in them. An option that is set takes the place of the stack's own value. */
export function overrideData(settings: StackSettings, overrides: DataOverrides): StackSettings {
    const key = `${CONFIG_PREFIX}data`;
    const own = JSON.parse(settings.config[key] ?? "{}") as Record<string, unknown>;
    // With another label, the stack's task and ignored columns belong to another data set.
    const kept = overrides.label === undefined ? own : { maxRejectedShare: own["maxRejectedShare"] };
    const data = { ...kept, ...definedOnly({ label: overrides.label, ignore: overrides.ignore, task: overrides.task }) };
    return { ...settings, config: { ...settings.config, [key]: JSON.stringify(data) } };
}

/** The settings with other values, by key without the project's prefix. Each takes the place of the file's own as a whole. */
export function overrideValues(settings: StackSettings, values: Readonly<Record<string, unknown>>): StackSettings {
    const texts = Object.entries(values).map(([key, value]) => [`${CONFIG_PREFIX}${key}`, typeof value === "string" ? value : JSON.stringify(value)] as const);
    return { ...settings, config: { ...settings.config, ...Object.fromEntries(texts) } };
}

/** The typed configuration, exactly as the program will read it. @throws ConfigError with all findings. */
export function parseStackConfig(settings: StackSettings, environmentSuffix: string | undefined): PlatformConfig {
    const own = Object.entries(settings.config).filter(([key]) => key.startsWith(CONFIG_PREFIX));
    const values = Object.fromEntries(own.map(([key, value]) => [key.slice(CONFIG_PREFIX.length), value]));
    return parseConfig({ project: settings.project, stack: settings.stack, environmentSuffix, values });
}

/** @throws OperatorError when the stack says no region. */
export function regionOf(settings: StackSettings): string {
    const region = settings.config["aws:region"];
    if (region === undefined) throw new OperatorError(`Pulumi.${settings.stack}.yaml: aws:region is missing`, "write `aws:region: <region>` below config");
    return region;
}

async function readYaml(file: string): Promise<Record<string, unknown>> {
    const name = path.basename(file);
    const text = await readFile(file, "utf8").catch((error: unknown) => {
        throw new OperatorError(`${name} cannot be read: ${(error as Error).message}`, "run the command in the project's folder", { cause: error });
    });
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { lineCounter });
    const [error] = document.errors;
    if (error !== undefined) {
        const line = lineCounter.linePos(error.pos[0]).line;
        throw new OperatorError(`${name}:${line}: ${error.message.split("\n")[0]?.replace(/ at line .*$/, "")}`, "correct the YAML on that line");
    }
    const value: unknown = document.toJS() ?? {};
    if (isRecord(value)) return value;
    throw new OperatorError(`${name}: must be a map at its top, got ${JSON.stringify(value)}`, "write `key: value` lines");
}

/** A key without a prefix belongs to the project, as with the Pulumi CLI. */
function flatten(values: Readonly<Record<string, unknown>>, project: string, file: string): Record<string, string> {
    const flat: Record<string, string> = {};
    for (const [key, value] of Object.entries(values)) {
        if (isRecord(value) && "secure" in value) {
            throw new OperatorError(`${file}: ${key} is encrypted, and only the Pulumi CLI can read it`, "put secrets into Secrets Manager, not into the configuration");
        }
        flat[key.includes(":") ? key : `${project}:${key}`] = typeof value === "object" ? JSON.stringify(value) : String(value);
    }
    return flat;
}

function definedOnly(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
