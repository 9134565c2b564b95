/**
 * The program of every comparison, unmodified on both engines: registers what `program.json` beside it says, one resource after the
 * other, so that both engines see the same requests in the same order.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type {
    AliasDescription, Argument, ArgumentMap, OutputArgument, ProgramDescription, ResourceDescription, ResourceOptions, SecretArgument,
} from "../description.ts";

const TYPES = { Thing: "memory:index/thing:Thing", Named: "memory:index/named:Named", Group: "memory:index:Group" } as const;
/** Outputs that a program may ask for though it gave no such input. */
const OUTPUTS = ["arn", "token", "name", "value", "password"] as const;

class Thing extends pulumi.CustomResource {
    constructor(type: string, name: string, args: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
        super(type, name, { ...Object.fromEntries(OUTPUTS.map((output) => [output, undefined])), ...args }, { ...options, version: "1.2.3" });
    }
}

class Group extends pulumi.ComponentResource {
    constructor(name: string, options: pulumi.ComponentResourceOptions) {
        super(TYPES.Group, name, {}, options);
        this.registerOutputs({ label: name });
    }
}

const made = new Map<string, pulumi.Resource>();

function find(name: string): pulumi.Resource {
    const resource = made.get(name);
    if (resource === undefined) throw new Error(`program.json: ${name} is used before it is declared`);
    return resource;
}

function resolve(argument: Argument): unknown {
    if (Array.isArray(argument)) return argument.map(resolve);
    if (typeof argument !== "object" || argument === null) return argument;
    const { $output, $secret } = argument as Partial<OutputArgument & SecretArgument>;
    if ($output !== undefined) return (find($output[0]) as unknown as Record<string, unknown>)[$output[1]];
    if ($secret !== undefined) return pulumi.secret($secret);
    return Object.fromEntries(Object.entries(argument as ArgumentMap).map(([name, value]) => [name, resolve(value)]));
}

function resolveAlias({ name, noParent, parent }: AliasDescription): pulumi.Alias {
    if (noParent === true) return { name, parent: pulumi.rootStackResource };
    return parent === undefined ? { name } : { name, parent: find(parent) };
}

function resolveOptions({ parent, dependsOn, deletedWith, aliases, ...plain }: ResourceOptions): pulumi.CustomResourceOptions {
    const options: pulumi.CustomResourceOptions = { ...plain } as pulumi.CustomResourceOptions;
    if (parent !== undefined) options.parent = find(parent);
    if (dependsOn !== undefined) options.dependsOn = dependsOn.map(find);
    if (deletedWith !== undefined) options.deletedWith = find(deletedWith);
    if (aliases !== undefined) options.aliases = aliases.map(resolveAlias);
    return options;
}

function declare(resource: ResourceDescription): pulumi.Resource {
    const { kind, name } = resource;
    const options = resolveOptions(resource.options ?? {});
    return kind === "Group" ? new Group(name, options) : new Thing(TYPES[kind], name, resolve(resource.args ?? {}) as pulumi.Inputs, options);
}

/** Whether the resource was made. When it was not, the engine has said why and ends. */
function isMade(resource: pulumi.Resource): Promise<boolean> {
    return (resource.urn as unknown as { promise(): Promise<string> }).promise().then(() => true, () => false);
}

const program = JSON.parse(readFileSync(path.join(process.cwd(), "program.json"), "utf8")) as ProgramDescription;
for (const resource of program.resources) {
    const declared = declare(resource);
    made.set(resource.name, declared);
    if (!await isMade(declared)) break;
}
if (program.throws !== undefined) throw new Error(program.throws);

export const results = Object.fromEntries(Object.entries(program.outputs ?? {}).map(([name, value]) => [name, resolve(value)]));
