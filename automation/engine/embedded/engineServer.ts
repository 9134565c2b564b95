/** The `Engine` service of Pulumi's protocol: what the program logs, and which resource is the stack. */
import type { UntypedServiceImplementation, sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import type { LogRequest, SetRootResourceRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import type { DiagnosticEvent } from "../engine.ts";

/** What a program wrote with `pulumi.log`, and its unhandled errors, which arrive by the same way. */
export interface ProgramLog {
    readonly severity: DiagnosticEvent["severity"] | "debug";
    readonly message: string;
    readonly urn: string;
}

const SEVERITIES: readonly ProgramLog["severity"][] = ["debug", "info", "warning", "error"];

/** The service's methods. */
export function createEngineService(onLog: (log: ProgramLog) => void): UntypedServiceImplementation {
    let root = "";
    return {
        log(call: ServerUnaryCall<LogRequest, unknown>, respond: sendUnaryData<unknown>) {
            const severity = SEVERITIES[call.request.getSeverity()] ?? "info";
            onLog({ severity, message: call.request.getMessage(), urn: call.request.getUrn() });
            respond(null, new emptyMessages.Empty());
        },
        getRootResource(_call: unknown, respond: sendUnaryData<unknown>) {
            respond(null, new engineMessages.GetRootResourceResponse().setUrn(root));
        },
        setRootResource(call: ServerUnaryCall<SetRootResourceRequest, unknown>, respond: sendUnaryData<unknown>) {
            root = call.request.getUrn();
            respond(null, new engineMessages.SetRootResourceResponse());
        },
        requirePulumiVersion(_call: unknown, respond: sendUnaryData<unknown>) {
            // The embedded engine has no CLI version; what it lacks it refuses where it is used.
            respond(null, new engineMessages.RequirePulumiVersionResponse());
        },
    };
}
