/**
 * Serves a `Provider` to a real Pulumi engine: the handlers and components that the embedded engine calls directly answer here over gRPC
 * (`pulumirpc.ResourceProvider`), so that one program can be judged by both engines.
 */
import grpc from "@grpc/grpc-js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type { CheckRequest, DiffRequest, InvokeRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import type { Provider } from "./provider.ts";
import { reveal, valuesEqual } from "./embedded/values.ts";
import type { ValueMap } from "./embedded/values.ts";
import { ComponentCalls } from "./providerPlugin/componentCalls.ts";
import { unary } from "./providerPlugin/failures.ts";
import { PropertyReader, writeProperties } from "./providerPlugin/properties.ts";
import { ResourceCalls } from "./providerPlugin/resourceCalls.ts";
import { buildSchema, packagesOf } from "./providerPlugin/schema.ts";

/** The largest message of either direction, as the engine's own servers have it. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;
/** The engine wants at least the version of the program's package, whichever that is. */
const VERSION = "999.0.0";

/** A package that listens on 127.0.0.1. */
export interface ServedProvider {
    readonly port: number;
    /** Ends all connections at once. */
    close(): void;
}

/** All packages of a provider, each on a port of its own. */
export interface ServedPackages {
    /** What the engine's environment must hold: it then uses these instead of plugins, so none is installed and nothing of ours stands on PATH. */
    readonly environment: { readonly PULUMI_DEBUG_PROVIDERS: string };
    close(): void;
}

export interface ServeOptions {
    /** The program's: relative paths of files begin there. */
    readonly folder: string;
}

/** Serves every package of the provider until it is closed. A package is told from another by its port alone. */
export async function servePackages(provider: Provider, options: ServeOptions): Promise<ServedPackages> {
    const names = packagesOf(provider);
    const served = await Promise.all(names.map((packageName) => listen(createProviderService({ ...options, provider, packageName }))));
    return {
        environment: { PULUMI_DEBUG_PROVIDERS: names.map((name, index) => `${name}:${served[index]?.port}`).join(",") },
        close: () => served.forEach((one) => one.close()),
    };
}

/** Serves the only package of a provider until it is closed. @param folder as in `ServeOptions` */
export function serveProvider(provider: Provider, folder: string): Promise<ServedProvider> {
    return listen(createProviderService({ provider, folder, packageName: onlyPackageOf(provider) }));
}

function listen(service: UntypedServiceImplementation): Promise<ServedProvider> {
    const server = new grpc.Server({ "grpc.max_receive_message_length": MAX_MESSAGE_BYTES, "grpc.max_send_message_length": MAX_MESSAGE_BYTES });
    server.addService(ResourceProviderService, service);
    return new Promise((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
            if (error === null) resolve({ port, close: () => server.forceShutdown() });
            else reject(error);
        });
    });
}

function onlyPackageOf(provider: Provider): string {
    const [name, ...others] = packagesOf(provider);
    if (name === undefined || others.length > 0) throw new Error(`a provider of ${1 + others.length} packages is served by servePackages, each on a port of its own`);
    return name;
}

interface ServiceOptions extends ServeOptions {
    readonly provider: Provider;
    readonly packageName: string;
}

/** The service's methods. What a rehearsal does not need (methods of components, parameters, mappings) is left unimplemented, as the protocol allows. */
function createProviderService({ provider, folder, packageName }: ServiceOptions): UntypedServiceImplementation {
    const calls = new ResourceCalls({ provider, folder });
    const components = new ComponentCalls({ provider, folder, maxMessageBytes: MAX_MESSAGE_BYTES });
    const properties = new PropertyReader(folder);
    const run = new EngineRun();
    return {
        attach: unary(() => new emptyMessages.Empty()),
        cancel: unary(() => {
            run.cancel();
            return new emptyMessages.Empty();
        }),
        getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(VERSION)),
        getSchema: unary(() => new providerMessages.GetSchemaResponse().setSchema(JSON.stringify(buildSchema(provider, packageName, VERSION)))),
        checkConfig: unary((request: CheckRequest) => new providerMessages.CheckResponse().setInputs(request.getNews())),
        diffConfig: unary((request: DiffRequest) => diffConfig(properties, request)),
        configure: unary(() => {
            run.begin();
            return new providerMessages.ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true);
        }),
        invoke: unary(run.guard((request: InvokeRequest) => invoke(provider, request.getTok(), properties.read(request.getArgs())))),
        check: unary(calls.check.bind(calls)),
        diff: unary(calls.diff.bind(calls)),
        create: unary(run.guard(calls.create.bind(calls))),
        read: unary(run.guard(calls.read.bind(calls))),
        update: unary(run.guard(calls.update.bind(calls))),
        delete: unary(run.guard(calls.delete.bind(calls))),
        construct: unary(run.guard(components.construct.bind(components))),
    };
}

/**
 * One run of the engine: from its configuration to the next. A cancelled one begins nothing new; what it has begun goes on to its end, which
 * the engine waits for: half a resource would be worse than a late one.
 */
class EngineRun {
    #isCancelled = false;

    begin(): void {
        this.#isCancelled = false;
    }

    cancel(): void {
        this.#isCancelled = true;
    }

    guard<Rest extends readonly unknown[]>(answer: (...request: Rest) => unknown): (...request: Rest) => unknown {
        return (...request) => {
            if (this.#isCancelled) throw new Error("the run was cancelled: nothing new is begun");
            return answer(...request);
        };
    }
}

/** A changed configuration never replaces what the provider made: the cloud of a rehearsal is given from outside. */
function diffConfig(properties: PropertyReader, request: DiffRequest): unknown {
    const { DIFF_NONE, DIFF_SOME } = providerMessages.DiffResponse.DiffChanges;
    const isSame = valuesEqual(reveal(properties.read(request.getOldInputs())), reveal(properties.read(request.getNews())));
    return new providerMessages.DiffResponse().setChanges(isSame ? DIFF_NONE : DIFF_SOME);
}

async function invoke(provider: Provider, token: string, args: ValueMap): Promise<unknown> {
    const handler = provider.invokes.get(token);
    if (handler === undefined) throw new Error(`${token}: this function cannot be rehearsed; add an invoke handler for it`);
    return new providerMessages.InvokeResponse().setReturn(writeProperties(await handler.invoke(reveal(args))));
}
