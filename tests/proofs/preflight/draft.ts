/** Evidence that may be written to: a copy of what was recorded, so that each mutation begins with the program as it is. */
import type { Plan, PlannedResource, StackResource } from "../../../automation/engine/engine.ts";
import { FileReference } from "../../../automation/engine/provider.ts";
import type { AccountView } from "../../../automation/preflight/account/accountView.ts";
import type { SampleResource } from "../../../automation/preflight/samples.ts";
import type { Evidence } from "../../../automation/preflight/rule.ts";

export type Fields = Record<string, unknown>;

export interface DraftResource {
    urn: string;
    type: string;
    name: string;
    readonly custom: boolean;
    inputs: Fields;
    dependencies: string[];
    propertyDependencies: Record<string, string[]>;
}

export interface DraftPlan { resources: DraftResource[] }

export interface Draft {
    evidence: { -readonly [Part in keyof Evidence]: Evidence[Part] };
    /** Both graphs of `evidence.plans`. */
    readonly graphs: readonly DraftPlan[];
}

/** Changes a draft in place. @throws Error when what it is about is not there: the program has changed, and so must the mutation */
export type Edit = (draft: Draft) => void | Promise<void>;

export function draftOf(evidence: Evidence): Draft {
    if (evidence.plans === undefined) return { evidence: { ...evidence }, graphs: [] };
    const plans = { asIs: copy(evidence.plans.asIs), endpointsOn: copy(evidence.plans.endpointsOn) };
    return { evidence: { ...evidence, plans }, graphs: [plans.asIs, plans.endpointsOn] as unknown as DraftPlan[] };
}

/** All but unknown values and references to files, which no copy may lose. */
export function copy<Value>(value: Value): Value {
    if (typeof value !== "object" || value === null || value instanceof FileReference) return value;
    if (Array.isArray(value)) return value.map((item: unknown) => copy(item)) as Value;
    return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, copy(item)])) as Value;
}

/** The resource of that name, in each graph that has it; `type` is a part of its type. */
export function find({ graphs }: Draft, name: string, type = ""): readonly DraftResource[] {
    const found = graphs.map(({ resources }) => resources.filter((each) => each.custom && each.name === name && each.type.includes(type)));
    if (found.some(({ length }) => length > 1)) throw new Error(`${name} is the name of several resources: say of which type`);
    if (found.flat().length === 0) throw new Error(`the program has no resource ${name} ${type}`);
    return found.flat();
}

/** An input, by its path (`rules.0.filter`); undefined takes it out. */
export function set(name: string, path: string, value: unknown): Edit {
    return (draft) => {
        for (const { inputs } of find(draft, name)) setAt(inputs, path.split("."), value);
    };
}

export function setAt(target: Fields, [step = "", ...rest]: readonly string[], value: unknown): void {
    if (rest.length > 0) {
        const inner = target[step];
        if (typeof inner !== "object" || inner === null) throw new Error(`there is no ${step} to look for ${rest.join(".")} in`);
        setAt(inner as Fields, rest, value);
    } else if (value !== undefined) target[step] = value;
    else if (step in target) delete target[step];
    else throw new Error(`there is no ${step} to take out`);
}

/** The statement of that Sid, in a policy that stands in `property` as text. */
export function inStatement({ name, property = "policy", sid }: { name: string; property?: string; sid: string }, change: (statement: Fields) => void): Edit {
    return inDocument(name, property, (document) => {
        const statement = (document["Statement"] as Fields[]).find(({ Sid }) => Sid === sid);
        if (statement === undefined) throw new Error(`${name} has no statement ${sid}`);
        change(statement);
    });
}

/** A document that stands in a property as JSON text. */
export function inDocument(name: string, property: string, change: (document: Fields) => void): Edit {
    return (draft) => {
        for (const { inputs } of find(draft, name)) {
            const document = JSON.parse(String(inputs[property])) as Fields;
            change(document);
            inputs[property] = JSON.stringify(document);
        }
    };
}

/** A state of the pipeline, also one within a map. */
export function inState(state: string, change: (fields: Fields) => void): Edit {
    return inDocument("pipeline-state-machine", "definition", (definition) => {
        const fields = findState(definition["States"] as Fields, state);
        if (fields === undefined) throw new Error(`the pipeline has no state ${state}`);
        change(fields);
    });
}

function findState(states: Fields, name: string): Fields | undefined {
    if (name in states) return states[name] as Fields;
    const inner = Object.values(states as Record<string, { ItemProcessor?: { States: Fields } }>).flatMap(({ ItemProcessor }) => (ItemProcessor === undefined ? [] : [ItemProcessor.States]));
    return inner.map((each) => findState(each, name)).find((found) => found !== undefined);
}

/** The resource goes, and whatever depended on it depends on it no more. */
export function drop(name: string, type = ""): Edit {
    return (draft) => {
        const urns = find(draft, name, type).map(({ urn }) => urn);
        for (const graph of draft.graphs) {
            graph.resources = graph.resources.filter(({ urn }) => !urns.includes(urn));
            for (const resource of graph.resources) {
                resource.dependencies = resource.dependencies.filter((urn) => !urns.includes(urn));
                resource.propertyDependencies = Object.fromEntries(Object.entries(resource.propertyDependencies)
                    .map(([property, sources]) => [property, sources.filter((urn) => !urns.includes(urn))]));
            }
        }
    };
}

/** No longer waits for resources whose URN ends so. */
export function loosen(name: string, ending: string): Edit {
    return (draft) => {
        for (const resource of find(draft, name)) {
            const left = resource.dependencies.filter((urn) => !urn.endsWith(ending));
            if (left.length === resource.dependencies.length) throw new Error(`${name} does not wait for ${ending} as it is`);
            resource.dependencies = left;
        }
    };
}

/** Declares more in both graphs. */
export function add(...samples: readonly SampleResource[]): Edit {
    return ({ evidence, graphs }) => {
        for (const graph of graphs) graph.resources.push(...samples.map((sample) => declare(sample, evidence.stack)));
    };
}

export function urnIn(stack: string, { type, name }: Pick<SampleResource, "type" | "name">): string {
    return `urn:pulumi:${stack}::firstlight::${type}::${name}`;
}

function declare(sample: SampleResource, stack: string): DraftResource {
    const resource: PlannedResource = {
        urn: urnIn(stack, sample), custom: true, inputs: {}, dependencies: [], propertyDependencies: {},
        protect: false, retainOnDelete: false, ignoreChanges: [], operation: "create", ...sample,
    };
    return copy(resource) as unknown as DraftResource;
}

/** The account answers otherwise. */
export function answer(view: Partial<AccountView>): Edit {
    return ({ evidence }) => {
        if (evidence.account !== undefined) evidence.account = { ...evidence.account, ...view };
    };
}

/** What the state holds after a deployment of the plan. */
export function stateOf({ resources }: Plan): readonly StackResource[] {
    return resources.map(({ urn, type, name, custom, dependencies, inputs }) => (
        { urn, type, name, custom, id: `id-of-${name}`, dependencies, inputs, outputs: {} }));
}
