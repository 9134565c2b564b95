/** Construct of a provider's remote components, for a real engine: the same expansion as the embedded engine's, told to the engine's monitor. */
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type { ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { ComponentChildren, dependenciesByName, dependenciesOfChild, findUnsupportedExpansion } from "../embedded/componentChildren.ts";
import { reveal } from "../embedded/values.ts";
import type { ValueMap } from "../embedded/values.ts";
import type { ComponentOutputs, Provider, RemoteComponent } from "../provider.ts";
import { MonitorClient } from "./monitorClient.ts";
import { PropertyReader, writeProperties } from "./properties.ts";

export interface ComponentCallOptions {
    readonly provider: Provider;
    /** Where relative paths of files begin. */
    readonly folder: string;
    readonly maxMessageBytes: number;
}

export class ComponentCalls {
    readonly #options: ComponentCallOptions;
    readonly #properties: PropertyReader;

    constructor(options: ComponentCallOptions) {
        this.#options = options;
        this.#properties = new PropertyReader(options.folder);
    }

    /** @throws naming the argument or option that is not supported; the engine names the component. */
    async construct(request: ConstructRequest): Promise<ConstructResponse> {
        const inputs = this.#properties.read(request.getInputs());
        const component = this.#find(request, inputs);
        const monitor = new MonitorClient(request, this.#properties, this.#options.maxMessageBytes);
        try {
            return await this.#expand(component, { request, inputs, monitor });
        } finally {
            monitor.close();
        }
    }

    #find(request: ConstructRequest, inputs: ValueMap): RemoteComponent {
        const component = this.#options.provider.components?.get(request.getType());
        if (component === undefined) throw new Error(`${request.getType()}: this component cannot be rehearsed; add its expansion to the provider`);
        const problems = [
            ...findUnsupportedExpansion({
                inputs,
                ignoreChanges: request.getIgnorechangesList(),
                replaceOnChanges: request.getReplaceonchangesList(),
                additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
                deleteBeforeReplace: request.hasDeletebeforereplace() ? request.getDeletebeforereplace() : undefined,
            }),
            ...findUnsupportedByProtocol(request),
        ];
        if (problems.length > 0) throw new Error(problems.map((what) => `it ${what}, which is not supported for a remote component`).join("; "));
        return component;
    }

    async #expand(component: RemoteComponent, { request, inputs, monitor }: Expansion): Promise<ConstructResponse> {
        const urn = await monitor.registerComponent();
        const children = new ComponentChildren();
        const results = await component.construct({
            name: request.getName(),
            inputs: reveal(inputs),
            register: async (child) => {
                const registered = await monitor.registerChild({
                    type: child.type, name: child.name, parent: child.parent?.urn ?? urn,
                    inputs: children.readInputs(child.inputs),
                    dependencies: dependenciesOfChild(child),
                    propertyDependencies: dependenciesByName(child.inputs),
                });
                return children.add(registered.urn, registered.id, registered.outputs);
            },
            invoke: (token, args) => monitor.invoke(token, args),
        });
        const outputs = children.readOutputs(results);
        await monitor.registerOutputs(urn, outputs);
        return buildResponse(urn, outputs, results);
    }
}

interface Expansion {
    readonly request: ConstructRequest;
    readonly inputs: ValueMap;
    readonly monitor: MonitorClient;
}

/** Options that the embedded engine refuses for every resource. */
function findUnsupportedByProtocol(request: ConstructRequest): string[] {
    const hooks = Object.values(request.getResourceHooks()?.toObject() ?? {}).some((names) => names.length > 0);
    const options: readonly (readonly [boolean, string])[] = [
        [hooks, "has the option hooks"],
        [request.getReplaceWithList().length > 0, "has the option replaceWith"],
        [request.hasReplacementTrigger(), "has the option replacementTrigger"],
    ];
    return options.filter(([isUsed]) => isUsed).map(([, what]) => what);
}

function buildResponse(urn: string, outputs: ValueMap, results: ComponentOutputs): ConstructResponse {
    const response = new providerMessages.ConstructResponse().setUrn(urn).setState(writeProperties(outputs));
    for (const [name, urns] of Object.entries(dependenciesByName(results))) {
        response.getStatedependenciesMap().set(name, new providerMessages.ConstructResponse.PropertyDependencies().setUrnsList([...urns]));
    }
    return response;
}
