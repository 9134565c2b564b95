/** Random programs and random edits of them, the same for the same seed. */
import type { Argument, ArgumentMap, ProgramDescription, ResourceDescription, ResourceOptions } from "./description.ts";
import type { PlannedFailure } from "./world.ts";

export type Random = () => number;

/** A program after an edit, and the call to the cloud that the edit leads to, so that a case can refuse it. */
export interface Edited {
    readonly program: ProgramDescription;
    /** Name of the edited resource. */
    readonly name: string;
    readonly call?: PlannedFailure;
}

/** Undefined when the program has nothing that can be edited so. */
export type Edit = (program: ProgramDescription, random: Random) => Edited | undefined;

export function pick<Item>(items: readonly Item[], random: Random): Item | undefined {
    return items[Math.floor(random() * items.length)];
}

function chance(probability: number, random: Random): boolean {
    return random() < probability;
}

function word(random: Random): string {
    return `w${Math.floor(random() * 1e6).toString(36)}`;
}

function randomValue(earlier: readonly ResourceDescription[], random: Random): Argument {
    const source = pick(earlier.filter(({ kind }) => kind !== "Group"), random);
    return source !== undefined && chance(0.45, random) ? { $output: [source.name, "arn"] } : word(random);
}

function randomArguments(kind: ResourceDescription["kind"], earlier: readonly ResourceDescription[], random: Random): ArgumentMap {
    const shared: ArgumentMap = {
        ...(chance(0.8, random) ? { value: randomValue(earlier, random) } : {}),
        ...(chance(0.5, random) ? { size: chance(0.25, random) ? randomValue(earlier, random) : Math.floor(random() * 9) } : {}),
    };
    if (kind === "Group") return {};
    if (kind === "Named") return { ...shared, ...(chance(0.35, random) ? { name: `given-${word(random)}` } : {}) };
    return {
        ...shared,
        ...(chance(0.4, random) ? { tags: { owner: word(random), "a.b": randomValue(earlier, random) } } : {}),
        ...(chance(0.3, random) ? { nested: { inner: Math.floor(random() * 9), fixed: word(random) } } : {}),
        ...(chance(0.3, random) ? { list: [word(random), randomValue(earlier, random)] } : {}),
        ...(chance(0.3, random) ? { password: { $secret: word(random) } } : {}),
    };
}

function randomOptions(earlier: readonly ResourceDescription[], random: Random): ResourceOptions {
    const parent = chance(0.5, random) ? pick(earlier.filter(({ kind }) => kind === "Group"), random) : undefined;
    const dependency = chance(0.25, random) ? pick(earlier.filter(({ name }) => name !== parent?.name), random) : undefined;
    return {
        ...(parent === undefined ? {} : { parent: parent.name }),
        ...(dependency === undefined ? {} : { dependsOn: [dependency.name] }),
    };
}

function randomResource(earlier: readonly ResourceDescription[], random: Random): ResourceDescription {
    const kind = pick(["Group", "Thing", "Thing", "Thing", "Named", "Named"] as const, random) ?? "Thing";
    const name = `${kind.toLowerCase().charAt(0)}${Math.floor(random() * 1e6).toString(36)}`;
    return { kind, name, args: randomArguments(kind, earlier, random), options: randomOptions(earlier, random) };
}

function withOutputs(resources: readonly ResourceDescription[]): ProgramDescription {
    const [first] = resources.filter(({ kind }) => kind !== "Group");
    return { resources, ...(first === undefined ? {} : { outputs: { arn: { $output: [first.name, "arn"] } } }) };
}

/** Three to six resources, the last of them custom, so that there is always something to edit. */
export function randomProgram(random: Random): ProgramDescription {
    const resources: ResourceDescription[] = [];
    const count = 3 + Math.floor(random() * 4);
    while (resources.length < count - 1) resources.push(randomResource(resources, random));
    resources.push({ ...randomResource(resources, random), kind: "Thing", args: randomArguments("Thing", resources, random) });
    return withOutputs(resources);
}

/** Whether anything in the value names the resource. */
function mentions(value: unknown, name: string): boolean {
    if (Array.isArray(value)) return value.some((item) => mentions(item, name));
    if (typeof value !== "object" || value === null) return value === name;
    return Object.values(value).some((inner) => mentions(inner, name));
}

/** Whether another resource of the program names this one. */
export function isUsed(program: ProgramDescription, name: string): boolean {
    return program.resources.some((other) => other.name !== name && mentions([other.args, other.options], name));
}

function renameIn(value: unknown, from: string, to: string): unknown {
    if (Array.isArray(value)) return value.map((item) => renameIn(item, from, to));
    if (typeof value !== "object" || value === null) return value === from ? to : value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renameIn(inner, from, to)]));
}

/** Replaces one resource of the program. */
export function change(program: ProgramDescription, name: string, changes: { args?: ArgumentMap; options?: ResourceOptions }): ProgramDescription {
    return {
        ...program,
        resources: program.resources.map((resource) => (resource.name !== name ? resource : {
            ...resource, args: { ...resource.args, ...changes.args }, options: { ...resource.options, ...changes.options },
        })),
    };
}

/** The program without the resource; nothing may use it. */
export function remove(program: ProgramDescription, name: string): ProgramDescription {
    return withOutputs(program.resources.filter((resource) => resource.name !== name));
}

function pickCustom(program: ProgramDescription, random: Random): ResourceDescription | undefined {
    return pick(program.resources.filter(({ kind, options }) => kind !== "Group" && options?.protect !== true), random);
}

const create: Edit = (program, random) => {
    const at = Math.floor(random() * (program.resources.length + 1));
    const resource = randomResource(program.resources.slice(0, at), random);
    const resources = [...program.resources.slice(0, at), resource, ...program.resources.slice(at)];
    return { program: { ...program, resources }, name: resource.name, ...(resource.kind === "Group" ? {} : { call: { operation: "create", name: resource.name } }) };
};

const update: Edit = (program, random) => {
    const resource = pickCustom(program, random);
    if (resource === undefined) return undefined;
    const choices: ArgumentMap[] = [{ value: word(random) }];
    if (resource.kind === "Thing") {
        choices.push({ tags: { owner: word(random), team: word(random) } }, { list: [word(random)] }, { password: { $secret: word(random) } });
        if (resource.args?.["nested"] !== undefined) choices.push({ nested: { ...resource.args["nested"] as ArgumentMap, inner: word(random) } });
    }
    return { program: change(program, resource.name, { args: pick(choices, random) ?? {} }), name: resource.name, call: { operation: "update", name: resource.name } };
};

const replace: Edit = (program, random) => {
    const resource = pickCustom(program, random);
    if (resource === undefined) return undefined;
    const choices: ArgumentMap[] = [{ size: word(random) }];
    if (resource.kind === "Named") choices.push({ name: `given-${word(random)}` });
    if (resource.kind === "Thing" && resource.args?.["nested"] !== undefined) choices.push({ nested: { ...resource.args["nested"] as ArgumentMap, fixed: word(random) } });
    const operation = chance(0.5, random) ? "create" : "delete";
    return { program: change(program, resource.name, { args: pick(choices, random) ?? {} }), name: resource.name, call: { operation, name: resource.name } };
};

/** Another name, or another parent; what is below a renamed parent follows it. */
const rename: Edit = (program, random) => {
    const resource = pick(program.resources, random);
    if (resource === undefined) return undefined;
    const index = program.resources.indexOf(resource);
    const parent = resource.options?.parent;
    const others = program.resources.slice(0, index).filter(({ kind, name }) => kind === "Group" && name !== parent);
    const newParent = chance(0.35, random) ? pick(others, random) : undefined;
    if (newParent !== undefined) {
        const alias = parent === undefined ? { name: resource.name, noParent: true as const } : { name: resource.name, parent };
        return { program: change(program, resource.name, { options: { parent: newParent.name, aliases: [alias] } }), name: resource.name };
    }
    const name = `${resource.name}${word(random)}`;
    const resources = program.resources.map((other): ResourceDescription => {
        if (other.name === resource.name) return { ...other, name, options: { ...other.options, aliases: [{ name: resource.name }, ...other.options?.aliases ?? []] } };
        return { ...other, args: renameIn(other.args ?? {}, resource.name, name) as ArgumentMap, options: renameIn(other.options ?? {}, resource.name, name) as ResourceOptions };
    });
    return { program: { resources, ...(program.outputs === undefined ? {} : { outputs: renameIn(program.outputs, resource.name, name) as ArgumentMap }) }, name };
};

const ignoreChanges: Edit = (program, random) => {
    const resource = pickCustom(program, random);
    const property = pick(["value", "size", "tags", "list"].filter((name) => resource?.args?.[name] !== undefined), random);
    if (resource === undefined || property === undefined) return undefined;
    const changed: ArgumentMap = property === "tags" ? { tags: { owner: word(random) } } : property === "list" ? { list: [word(random), word(random)] } : { [property]: word(random) };
    const path = property === "list" && chance(0.5, random) ? "list[0]" : property === "tags" && chance(0.5, random) ? "tags.owner" : property;
    return { program: change(program, resource.name, { args: changed, options: { ignoreChanges: [path] } }), name: resource.name };
};

const deleteBeforeReplace: Edit = (program, random) => {
    const edited = replace(program, random);
    return edited === undefined ? undefined : { ...edited, program: change(edited.program, edited.name, { options: { deleteBeforeReplace: true } }) };
};

const removal: Edit = (program, random) => {
    const resource = pick(program.resources.filter(({ name, options }) => !isUsed(program, name) && options?.protect !== true), random);
    if (resource === undefined || program.resources.length < 2) return undefined;
    return { program: remove(program, resource.name), name: resource.name, ...(resource.kind === "Group" ? {} : { call: { operation: "delete", name: resource.name } }) };
};

const dependsOn: Edit = (program, random) => {
    const resource = pickCustom(program, random);
    if (resource === undefined) return undefined;
    const earlier = program.resources.slice(0, program.resources.indexOf(resource)).filter(({ name }) => name !== resource.options?.parent);
    return { program: change(program, resource.name, { options: { dependsOn: earlier.filter(() => chance(0.5, random)).map(({ name }) => name) } }), name: resource.name };
};

const secret: Edit = (program, random) => {
    const resource = pick(program.resources.filter(({ kind }) => kind === "Thing"), random);
    if (resource === undefined) return undefined;
    const value = word(random);
    return { program: change(program, resource.name, { args: { value: chance(0.6, random) ? { $secret: value } : value, password: { $secret: word(random) } } }), name: resource.name };
};

const replaceOnChanges: Edit = (program, random) => {
    const resource = pickCustom(program, random);
    if (resource === undefined) return undefined;
    return { program: change(program, resource.name, { args: { value: word(random) }, options: { replaceOnChanges: ["value"] } }), name: resource.name };
};

export const EDITS = { create, update, replace, rename, ignoreChanges, deleteBeforeReplace, remove: removal, dependsOn, secret, replaceOnChanges } as const;
export type EditKind = keyof typeof EDITS;
