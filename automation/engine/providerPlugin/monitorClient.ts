/** A real engine's `ResourceMonitor`, asked by a provider that registers the children of a component itself. */
import grpc from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceMessages from "@pulumi/pulumi/proto/resource_pb.js";
import type { RegisterResourceRequest, RegisterResourceResponse, ResourceInvokeResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import { UNKNOWN } from "../provider.ts";
import type { PropertyMap } from "../provider.ts";
import { packageOf } from "../embedded/urn.ts";
import { reveal } from "../embedded/values.ts";
import type { ValueMap } from "../embedded/values.ts";
import { writeProperties } from "./properties.ts";
import type { PropertyReader } from "./properties.ts";

/** A child as the monitor is told of it. */
export interface ChildRegistration {
    readonly type: string;
    readonly name: string;
    /** URN. */
    readonly parent: string;
    readonly inputs: ValueMap;
    readonly dependencies: readonly string[];
    readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** What the engine made of a registration. */
export interface Registered {
    readonly urn: string;
    /** `UNKNOWN` in a preview; empty for a component. */
    readonly id: string | typeof UNKNOWN;
    readonly outputs: ValueMap;
}

/** The engine is ending, and has named the child that failed. */
class MonitorGone extends Error {
    constructor(cause: Error) {
        super("the engine takes no more registrations", { cause });
        this.name = "MonitorGone";
    }
}

/** Registers one component and what stands below it. */
export class MonitorClient {
    readonly #request: ConstructRequest;
    readonly #properties: PropertyReader;
    readonly #client: ResourceMonitorClient;

    constructor(request: ConstructRequest, properties: PropertyReader, maxMessageBytes: number) {
        this.#request = request;
        this.#properties = properties;
        this.#client = new ResourceMonitorClient(request.getMonitorendpoint(), grpc.credentials.createInsecure(), {
            "grpc.max_receive_message_length": maxMessageBytes, "grpc.max_send_message_length": maxMessageBytes,
        });
    }

    close(): void {
        this.#client.close();
    }

    /** The component itself, with the options that the program gave it. Its arguments go to its package alone. */
    async registerComponent(): Promise<string> {
        const given = this.#request;
        const request = new resourceMessages.RegisterResourceRequest()
            .setType(given.getType()).setName(given.getName()).setParent(given.getParent())
            .setDependenciesList(given.getDependenciesList()).setAliasesList(given.getAliasesList()).setDeletedwith(given.getDeletedwith());
        if (given.hasProtect()) request.setProtect(given.getProtect() ?? false);
        if (given.hasRetainondelete()) request.setRetainondelete(given.getRetainondelete() ?? false);
        given.getProvidersMap().forEach((reference, name) => request.getProvidersMap().set(name, reference));
        return (await this.#register(request, {})).urn;
    }

    registerChild(child: ChildRegistration): Promise<Registered> {
        const request = new resourceMessages.RegisterResourceRequest()
            .setType(child.type).setName(child.name).setParent(child.parent).setCustom(true)
            .setDependenciesList([...child.dependencies]).setProvider(this.#providerOf(child.type));
        for (const [name, urns] of Object.entries(child.propertyDependencies)) {
            request.getPropertydependenciesMap().set(name, new resourceMessages.RegisterResourceRequest.PropertyDependencies().setUrnsList([...urns]));
        }
        return this.#register(request, child.inputs);
    }

    async registerOutputs(urn: string, outputs: ValueMap): Promise<void> {
        const request = new resourceMessages.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(writeProperties(outputs));
        await this.#call(`outputs of ${urn}`, (done) => this.#client.registerResourceOutputs(request, done));
    }

    async invoke(token: string, args: PropertyMap): Promise<PropertyMap> {
        const request = new resourceMessages.ResourceInvokeRequest()
            .setTok(token).setArgs(writeProperties(args)).setAcceptresources(true).setProvider(this.#providerOf(token));
        const response = await this.#call<ResourceInvokeResponse>(token, (done) => this.#client.invoke(request, done));
        const failures = response.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
        if (failures.length > 0) throw new Error(`${token}: ${failures.join("; ")}`);
        return reveal(this.#properties.read(response.getReturn()));
    }

    async #register(request: RegisterResourceRequest, inputs: ValueMap): Promise<Registered> {
        request.setObject(writeProperties(inputs)).setAcceptsecrets(true).setAcceptresources(true).setSupportspartialvalues(true).setAliasspecs(true);
        const what = `${request.getType()} ${request.getName()}`;
        const response = await this.#call<RegisterResourceResponse>(what, (done) => this.#client.registerResource(request, done));
        const id = response.getId() === "" && request.getCustom() ? UNKNOWN : response.getId();
        return { urn: response.getUrn(), id, outputs: this.#properties.read(response.getObject()) };
    }

    /** The provider that the component was given for this package; empty for the default one. */
    #providerOf(token: string): string {
        return this.#request.getProvidersMap().get(packageOf(token)) ?? "";
    }

    #call<Response>(what: string, start: (done: (error: ServiceError | null, response: Response) => void) => unknown): Promise<Response> {
        return new Promise((resolve, reject) => {
            start((error, response) => {
                if (error === null) resolve(response);
                else reject(GONE.has(error.code) ? new MonitorGone(error) : new Error(`${what}: ${error.details}`, { cause: error }));
            });
        });
    }
}

/** How the monitor answers when the engine ends. */
const GONE: ReadonlySet<number> = new Set([grpc.status.UNAVAILABLE, grpc.status.CANCELLED]);
