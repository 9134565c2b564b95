/** Failures as a real engine expects them from a provider. */
import grpc from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import anyMessages from "google-protobuf/google/protobuf/any_pb.js";
import type { ValueMap } from "../embedded/values.ts";
import { writeProperties } from "./properties.ts";

/** The resource exists and is not as asked: the engine keeps it, fails, and updates it in the next run. */
export class InitializationFailure extends Error {
    readonly id: string;
    readonly outputs: ValueMap;
    readonly inputs: ValueMap;
    readonly reasons: readonly string[];

    constructor(state: { id: string; outputs: ValueMap; inputs: ValueMap }, reasons: readonly string[]) {
        super(reasons.join("; "));
        this.name = "InitializationFailure";
        this.id = state.id;
        this.outputs = state.outputs;
        this.inputs = state.inputs;
        this.reasons = reasons;
    }
}

function describeInitialization(failure: InitializationFailure): grpc.Metadata {
    const detail = new providerMessages.ErrorResourceInitFailed()
        .setId(failure.id).setReasonsList([...failure.reasons]).setProperties(writeProperties(failure.outputs)).setInputs(writeProperties(failure.inputs));
    const any = new anyMessages.Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new statusMessages.Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(failure.message);
    status.addDetails(any);
    const metadata = new grpc.Metadata();
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    return metadata;
}

/** A method of the service: what it throws becomes the failed call's message, in the cloud's own words. */
export function unary<Request>(answer: (request: Request) => unknown): (call: ServerUnaryCall<Request, unknown>, respond: sendUnaryData<unknown>) => void {
    return (call, respond) => {
        Promise.resolve(call.request).then(answer).then(
            (response) => respond(null, response),
            (error: Error) => respond({
                code: grpc.status.UNKNOWN, details: error.message,
                ...(error instanceof InitializationFailure ? { metadata: describeInitialization(error) } : {}),
            }),
        );
    };
}
