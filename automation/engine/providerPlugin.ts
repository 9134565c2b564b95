/**
 * Serves a `Provider` to a real Pulumi engine: the handlers that the embedded engine calls directly answer here over gRPC
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
import { unary } from "./providerPlugin/failures.ts";
import { PropertyReader, writeProperties } from "./providerPlugin/properties.ts";
import { ResourceCalls } from "./providerPlugin/resourceCalls.ts";

/** The largest message of either direction, as the engine's own servers have it. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;
/** The engine wants at least the version of the program's package, whichever that is. */
const VERSION = "999.0.0";

/** A provider that listens on 127.0.0.1. */
export interface ServedProvider {
    readonly port: number;
    /** Ends all connections at once. */
    close(): void;
}

/**
 * Serves the provider until it is closed. A real engine that is started with `PULUMI_DEBUG_PROVIDERS=<package>:<port>,...` uses it for
 * these packages instead of their plugins, so none is installed and nothing of ours stands on PATH.
 *
 * @param folder the program's: relative paths of files begin there.
 */
export function serveProvider(provider: Provider, folder: string): Promise<ServedProvider> {
    const server = new grpc.Server({ "grpc.max_receive_message_length": MAX_MESSAGE_BYTES, "grpc.max_send_message_length": MAX_MESSAGE_BYTES });
    server.addService(ResourceProviderService, createProviderService(provider, folder));
    return new Promise((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
            if (error === null) resolve({ port, close: () => server.forceShutdown() });
            else reject(error);
        });
    });
}

/** The service's methods. What a rehearsal does not need (components, parameters, mappings) is left unimplemented, as the protocol allows. */
export function createProviderService(provider: Provider, folder: string): UntypedServiceImplementation {
    const calls = new ResourceCalls(provider, folder);
    const properties = new PropertyReader(folder);
    const nothing = unary(() => new emptyMessages.Empty());
    return {
        attach: nothing,
        cancel: nothing,
        getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(VERSION)),
        getSchema: unary(() => new providerMessages.GetSchemaResponse().setSchema("{}")),
        checkConfig: unary((request: CheckRequest) => new providerMessages.CheckResponse().setInputs(request.getNews())),
        diffConfig: unary((request: DiffRequest) => diffConfig(properties, request)),
        configure: unary(() => new providerMessages.ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true)),
        invoke: unary((request: InvokeRequest) => invoke(provider, request.getTok(), properties.read(request.getArgs()))),
        check: unary(calls.check.bind(calls)),
        diff: unary(calls.diff.bind(calls)),
        create: unary(calls.create.bind(calls)),
        read: unary(calls.read.bind(calls)),
        update: unary(calls.update.bind(calls)),
        delete: unary(calls.delete.bind(calls)),
    };
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
