/**
 * Remote components: the program registers one resource, and its package registers the children. Here the provider's own expansion
 * does that, and its children go the way of all resources, with the parents, dependencies and options that the real engine gives them.
 */
import { EngineError } from "../engine.ts";
import { ChildValue, UNKNOWN } from "../provider.ts";
import type {
    ChildRequest, ComponentOutputs, ConstructRequest, PropertyMap, PropertyValue, Provider, RegisteredChild, RemoteComponent,
} from "../provider.ts";
import type { Deployment } from "./deployment.ts";
import type { Goal } from "./goal.ts";
import { packageOf } from "./urn.ts";
import { ResourceReference, containsSecret, mapValues, reveal } from "./values.ts";
import type { Value, ValueMap } from "./values.ts";

export interface RemoteComponentOptions {
    readonly deployment: Deployment;
    readonly provider: Provider;
}

export interface ConstructedComponent {
    readonly urn: string;
    readonly outputs: ValueMap;
    /** By output: the resources that it comes from. */
    readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

/** Registers the component and its children. @throws naming the argument or option that is not supported. */
export async function constructComponent(goal: Goal, { deployment, provider }: RemoteComponentOptions): Promise<ConstructedComponent> {
    const component = findComponent(goal, provider);
    return deployment.construct(async () => {
        // The arguments go to the package alone: what is registered has none, so they are not compared with those of the last run.
        const { record } = await deployment.register({ ...goal, inputs: {} });
        const results = await expand(component, {
            name: goal.name,
            inputs: reveal(goal.inputs),
            register: (child) => registerChild(child, { goal, deployment, componentUrn: record.urn }),
            invoke: (token, args) => invoke(token, args, provider),
        });
        const outputs: ValueMap = mapValues(results, readOutput);
        deployment.registerOutputs(record.urn, outputs);
        return { urn: record.urn, outputs, dependencies: dependenciesByName(results) };
    });
}

function findComponent(goal: Goal, provider: Provider): RemoteComponent {
    const component = provider.components?.get(goal.type);
    if (component === undefined) throw new Error("it is a remote component, whose children its own provider creates; declare them in the program");
    const unsupported: readonly (readonly [boolean, string])[] = [
        [goal.provider !== "", "has a provider of its own package"],
        [goal.ignoreChanges.length > 0, "has the option ignoreChanges"],
        [goal.replaceOnChanges.length > 0, "has the option replaceOnChanges"],
        [goal.additionalSecretOutputs.length > 0, "has the option additionalSecretOutputs"],
        [goal.deleteBeforeReplace !== undefined, "has the option deleteBeforeReplace"],
        [containsSecret(goal.inputs), "has a secret among its arguments"],
    ];
    const words = unsupported.filter(([isUsed]) => isUsed).map(([, what]) => `it ${what}, which is not supported for a remote component`);
    if (words.length > 0) throw new Error(words.join("; "));
    return component;
}

/** What a child could not do names the child already; what the package refuses is told of the component. */
async function expand(component: RemoteComponent, request: ConstructRequest): Promise<ComponentOutputs> {
    try {
        return await component.construct(request);
    } catch (error) {
        if (error instanceof EngineError) throw error;
        throw new EngineError(`${component.type} ${request.name}: ${(error as Error).message}`, { cause: error });
    }
}

interface ChildContext {
    readonly goal: Goal;
    readonly deployment: Deployment;
    readonly componentUrn: string;
}

async function registerChild(child: ChildRequest, { goal, deployment, componentUrn }: ChildContext): Promise<RegisteredChild> {
    const propertyDependencies = dependenciesByName(child.inputs);
    const awaited = child.parent === undefined ? [] : [child.parent.urn];
    const { record, id } = await deployment.register({
        type: child.type, name: child.name, custom: true, parent: child.parent?.urn ?? componentUrn,
        inputs: mapValues(child.inputs, readInput),
        dependencies: [...new Set([...awaited, ...Object.values(propertyDependencies).flat()])],
        propertyDependencies,
        provider: goal.providers[packageOf(child.type)] ?? "", providers: {}, version: "",
        protect: undefined, retainOnDelete: undefined, deletedWith: "", deleteBeforeReplace: undefined,
        ignoreChanges: [], replaceOnChanges: [], additionalSecretOutputs: [], aliases: [],
    });
    return { urn: record.urn, id: id ?? "", outputs: reveal(record.outputs) };
}

async function invoke(token: string, args: PropertyMap, provider: Provider): Promise<PropertyMap> {
    const handler = provider.invokes.get(token);
    if (handler === undefined) throw new Error(`${token}: this function cannot be rehearsed; add an invoke handler for it`);
    return handler.invoke(args);
}

function readInput(value: PropertyValue | ChildValue): Value {
    if (!(value instanceof ChildValue)) return value;
    const { child, property } = value;
    return property === "id" || property === undefined ? child.id : child.outputs[property] ?? null;
}

/** A resource itself travels as a reference, as packages give them. */
function readOutput(value: ComponentOutputs[string]): Value {
    if (Array.isArray(value)) return value.map((item: PropertyValue | ChildValue) => readOutput(item));
    if (value instanceof ChildValue && value.property === undefined) {
        const { urn, id } = value.child;
        return new ResourceReference(urn, id === UNKNOWN ? UNKNOWN : id);
    }
    return readInput(value as PropertyValue | ChildValue);
}

function dependenciesByName(values: ComponentOutputs): Record<string, readonly string[]> {
    return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => {
        const items: readonly unknown[] = Array.isArray(value) ? value : [value];
        const urns = items.filter((item) => item instanceof ChildValue).map(({ child }) => child.urn);
        return urns.length === 0 ? [] : [[name, urns] as const];
    }));
}
