/** One run of the program from start to end: serves the protocol, starts the process, and says how it ended. */
import grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import { EngineError } from "../engine.ts";
import type { EngineRequest } from "../engine.ts";
import type { Provider } from "../provider.ts";
import { onAbort } from "./abort.ts";
import type { Deployment } from "./deployment.ts";
import { createEngineService } from "./engineServer.ts";
import type { ProgramLog } from "./engineServer.ts";
import { startProgram } from "./languageHost.ts";
import type { ProgramExit, ProgramOptions, RunningProgram } from "./languageHost.ts";
import type { Masker } from "./mask.ts";
import { createMonitorService } from "./monitorServer.ts";

export interface ProgramRunOptions extends Omit<ProgramOptions, "address" | "onLine" | "dryRun"> {
    readonly provider: Provider;
    readonly masker: Masker;
    readonly request: EngineRequest;
}

const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;
/** How long a program may go on after the deployment has failed. */
const GRACE_MS = 3_000;

/** Runs the program and then deletes what it no longer declares. @throws EngineError with the first failure, or with the program's own error. */
export async function runProgram(deployment: Deployment, options: ProgramRunOptions): Promise<void> {
    const errors: string[] = [];
    const server = new grpc.Server({ "grpc.max_receive_message_length": MAX_MESSAGE_BYTES, "grpc.max_send_message_length": MAX_MESSAGE_BYTES });
    server.addService(ResourceMonitorService, createMonitorService({ ...options, deployment }));
    server.addService(EngineService, createEngineService((log) => passOn(log, errors, options)));
    const port = await listen(server);
    const program = startProgram({ ...options, dryRun: deployment.isDryRun, address: `127.0.0.1:${port}`, onLine: (line) => report(options, line) });
    const release = onAbort(options.request.signal, () => deployment.stop(new EngineError("the run was stopped; run it again to go on")));
    let hasFailed = true;
    try {
        const exit = await endOf(program, deployment);
        await deployment.idle();
        if (deployment.failure !== undefined) throw deployment.failure;
        if (exit.code !== 0) throw programError(exit, errors, options);
        await deployment.finish();
        hasFailed = false;
    } finally {
        deployment.settleStackOutputs(hasFailed);
        release();
        program.kill();
        server.forceShutdown();
    }
}

function listen(server: grpc.Server): Promise<number> {
    return new Promise((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => (error === null ? resolve(port) : reject(error)));
    });
}

/** Waits for the program, but not for one that goes on after the deployment has failed and its running steps have ended. */
async function endOf(program: RunningProgram, deployment: Deployment): Promise<ProgramExit> {
    let timer: NodeJS.Timeout | undefined;
    void deployment.stopped.then(async () => {
        await deployment.idle();
        timer = setTimeout(() => program.kill(), GRACE_MS);
    });
    try {
        return await program.exit;
    } finally {
        clearTimeout(timer);
    }
}

/** Errors that the program logs are kept for the message of the failure; the rest is told at once. */
function passOn(log: ProgramLog, errors: string[], options: ProgramRunOptions): void {
    const message = options.masker.mask(log.message);
    if (log.severity === "error") errors.push(message);
    else if (log.severity !== "debug") {
        options.request.onEvent?.({ kind: "diagnostic", severity: log.severity, message, ...(log.urn === "" ? {} : { urn: log.urn }) });
    }
}

function report(options: ProgramRunOptions, line: string): void {
    if (line.trim() !== "") options.request.onEvent?.({ kind: "diagnostic", severity: "info", message: options.masker.mask(line) });
}

/** What the program itself said; its last lines when it said nothing. */
function programError(exit: ProgramExit, errors: readonly string[], options: ProgramRunOptions): EngineError {
    if (errors.length > 0) return new EngineError([...new Set(errors)].join("\n"));
    const how = exit.code === undefined ? "was killed" : `ended with code ${exit.code}`;
    return new EngineError([`the program ${how} without saying why; its last lines:`, ...exit.lastLines.map((line) => options.masker.mask(line))].join("\n"));
}
