/**
 * Remote components: the program registers one resource, and its package registers the children. Here the provider's own expansion
 * does that, and its children go the way of all resources, with the parents, dependencies and options that the real engine gives them.
 */
import { EngineError } from "../engine.ts";
import type { ChildRequest, ComponentOutputs, ConstructRequest, PropertyMap, Provider, RegisteredChild, RemoteComponent } from "../provider.ts";
import { ComponentChildren, dependenciesByName, dependenciesOfChild, findUnsupportedExpansion } from "./componentChildren.ts";
import type { Deployment } from "./deployment.ts";
import type { Goal } from "./goal.ts";
import { packageOf } from "./urn.ts";
import { reveal } from "./values.ts";
import type { ValueMap } from "./values.ts";

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
        const children = new ComponentChildren();
        const results = await expand(component, {
            name: goal.name,
            inputs: reveal(goal.inputs),
            register: (child) => registerChild(child, { goal, deployment, children, componentUrn: record.urn }),
            invoke: (token, args) => invoke(token, args, provider),
        });
        const outputs = children.readOutputs(results);
        deployment.registerOutputs(record.urn, outputs);
        return { urn: record.urn, outputs, dependencies: dependenciesByName(results) };
    });
}

function findComponent(goal: Goal, provider: Provider): RemoteComponent {
    const component = provider.components?.get(goal.type);
    if (component === undefined) throw new Error("it is a remote component, whose children its own provider creates; declare them in the program");
    const own = goal.provider === "" ? [] : ["has a provider of its own package"];
    const words = [...own, ...findUnsupportedExpansion(goal)].map((what) => `it ${what}, which is not supported for a remote component`);
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
    readonly children: ComponentChildren;
    readonly componentUrn: string;
}

async function registerChild(child: ChildRequest, { goal, deployment, children, componentUrn }: ChildContext): Promise<RegisteredChild> {
    const { record, id } = await deployment.register({
        type: child.type, name: child.name, custom: true, parent: child.parent?.urn ?? componentUrn,
        inputs: children.readInputs(child.inputs),
        dependencies: dependenciesOfChild(child),
        propertyDependencies: dependenciesByName(child.inputs),
        provider: goal.providers[packageOf(child.type)] ?? "", providers: {}, version: "",
        protect: undefined, retainOnDelete: undefined, deletedWith: "", deleteBeforeReplace: undefined,
        ignoreChanges: [], replaceOnChanges: [], additionalSecretOutputs: [], aliases: [],
    });
    return children.add(record.urn, id ?? "", record.outputs);
}

async function invoke(token: string, args: PropertyMap, provider: Provider): Promise<PropertyMap> {
    const handler = provider.invokes.get(token);
    if (handler === undefined) throw new Error(`${token}: this function cannot be rehearsed; add an invoke handler for it`);
    return handler.invoke(args);
}
