/** The `ResourceMonitor` service of Pulumi's protocol: the program's side of a deployment. */
import grpc from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import resourceMessages from "@pulumi/pulumi/proto/resource_pb.js";
import type {
    ReadResourceRequest, RegisterResourceOutputsRequest, RegisterResourceRequest, ResourceCallRequest, ResourceInvokeRequest, SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import structMessages from "google-protobuf/google/protobuf/struct_pb.js";
import { EngineError } from "../engine.ts";
import type { Provider } from "../provider.ts";
import { UNKNOWN } from "../provider.ts";
import type { Deployment } from "./deployment.ts";
import { findUnsupported, parseGoal } from "./goal.ts";
import type { Masker } from "./mask.ts";
import { constructComponent } from "./remoteComponents.ts";
import { reveal } from "./values.ts";
import type { ValueMap } from "./values.ts";
import { marshalMap, unmarshalMap } from "./wire.ts";

/** What the program may use. Transforms and hooks would need calls back into the program, which this engine does not make. */
const FEATURES: ReadonlySet<string> = new Set(["secrets", "resourceReferences", "outputValues", "aliasSpecs", "deletedWith"]);
/** Asked by the program's own library to fill a reference to a resource with its properties. */
const GET_RESOURCE = "pulumi:pulumi:getResource";

export interface MonitorOptions {
    readonly deployment: Deployment;
    readonly provider: Provider;
    readonly masker: Masker;
    /** Where the program runs: relative paths of assets begin here. */
    readonly projectFolder: string;
}

type Answer<Request> = (request: Request) => unknown;

/** The service's methods. Whatever fails stops the deployment; the program is told that the monitor is gone, and ends quietly. */
export function createMonitorService(options: MonitorOptions): UntypedServiceImplementation {
    const refuse = (what: string): never => {
        const error = new EngineError(`${what}: not supported by the embedded engine`);
        options.deployment.stop(error);
        throw error;
    };
    return {
        supportsFeature: unary((request: SupportsFeatureRequest) => new resourceMessages.SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId()))),
        registerResource: unary((request: RegisterResourceRequest) => registerResource(options, request)),
        registerResourceOutputs: unary((request: RegisterResourceOutputsRequest) => {
            options.deployment.registerOutputs(request.getUrn(), unmarshalMap(request.getOutputs()?.toJavaScript(), options.projectFolder));
            return new emptyMessages.Empty();
        }),
        invoke: unaryForCaller((request: ResourceInvokeRequest) => invoke(options, request)),
        readResource: unary((request: ReadResourceRequest) => refuse(request.getType() === "pulumi:pulumi:StackReference"
            ? `StackReference ${request.getName()}` : `${request.getType()} ${request.getName()}: reading an existing resource (.get)`)),
        call: unary((request: ResourceCallRequest) => refuse(`${request.getTok()}: calling a method of a remote component`)),
        existsResource: unary(() => refuse("asking whether a resource exists")),
        registerStackTransform: unary(() => refuse("stack transforms")),
        registerStackInvokeTransform: unary(() => refuse("invoke transforms")),
        registerResourceHook: unary(() => refuse("resource hooks")),
        registerErrorHook: unary(() => refuse("error hooks")),
        registerPackage: unary(() => refuse("parameterized packages")),
    };
}

/** Answers with UNAVAILABLE on failure, as the real engine does when it shuts down after a failed step: the program then says nothing itself. */
function unary<Request>(answer: Answer<Request>): (call: ServerUnaryCall<Request, unknown>, respond: sendUnaryData<unknown>) => void {
    return respondWith(answer, grpc.status.UNAVAILABLE);
}

/** Answers with UNKNOWN on failure: the program may catch the error. */
function unaryForCaller<Request>(answer: Answer<Request>): (call: ServerUnaryCall<Request, unknown>, respond: sendUnaryData<unknown>) => void {
    return respondWith(answer, grpc.status.UNKNOWN);
}

function respondWith<Request>(answer: Answer<Request>, code: number) {
    return (call: ServerUnaryCall<Request, unknown>, respond: sendUnaryData<unknown>): void => {
        Promise.resolve(call.request).then(answer).then(
            (response) => respond(null, response),
            (error: Error) => respond({ code, details: error.message }),
        );
    };
}

async function registerResource(options: MonitorOptions, request: RegisterResourceRequest): Promise<unknown> {
    const { deployment } = options;
    const label = `${request.getType()} ${request.getName()}`;
    try {
        const unsupported = findUnsupported(request);
        if (unsupported.length > 0) throw new Error(unsupported.map((words) => `it ${words}`).join("; "));
        const goal = parseGoal(request, options.projectFolder);
        const response = new resourceMessages.RegisterResourceResponse();
        if (request.getRemote()) {
            const { urn, outputs, dependencies } = await constructComponent(goal, options);
            for (const [name, urns] of Object.entries(dependencies)) {
                response.getPropertydependenciesMap().set(name, new resourceMessages.RegisterResourceResponse.PropertyDependencies().setUrnsList([...urns]));
            }
            return response.setUrn(urn).setObject(toStruct(outputs)).setResult(resourceMessages.Result.SUCCESS);
        }
        const { record, id } = await deployment.register(goal);
        response.setUrn(record.urn).setId(id === UNKNOWN ? "" : id ?? "").setObject(toStruct(record.outputs)).setResult(resourceMessages.Result.SUCCESS);
        return response;
    } catch (error) {
        if (!(error instanceof EngineError)) deployment.stop(new EngineError(`${label}: ${options.masker.mask((error as Error).message)}`, { cause: error }));
        throw deployment.failure ?? error;
    }
}

async function invoke(options: MonitorOptions, request: ResourceInvokeRequest): Promise<unknown> {
    const { deployment, provider, masker, projectFolder } = options;
    const args = reveal(unmarshalMap(request.getArgs()?.toJavaScript(), projectFolder));
    const response = new resourceMessages.ResourceInvokeResponse();
    if (request.getTok() === GET_RESOURCE) {
        const record = deployment.find(String(args["urn"]));
        if (record === undefined) throw new Error(`${String(args["urn"])} is no resource of this stack`);
        return response.setReturn(toStruct({ urn: record.urn, id: record.id ?? "", state: record.outputs }));
    }
    const handler = provider.invokes.get(request.getTok());
    if (handler === undefined) {
        const error = new EngineError(`${request.getTok()}: this function cannot be rehearsed; add an invoke handler for it`);
        deployment.stop(error);
        throw error;
    }
    try {
        return response.setReturn(toStruct(await handler.invoke(args)));
    } catch (error) {
        throw new Error(`${request.getTok()}: ${masker.mask((error as Error).message)}`, { cause: error });
    }
}

function toStruct(values: ValueMap): InstanceType<typeof structMessages.Struct> {
    return structMessages.Struct.fromJavaScript(marshalMap(values) as Parameters<typeof structMessages.Struct.fromJavaScript>[0]);
}
