/** The second judge: the unit tests of the program, run in a process of their own with the mutation in what the program asks for. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import path from "node:path";
import { PROJECT_FOLDER } from "../proof.ts";
import type { Mutation } from "./mutation.ts";
import type { UnitAnswer } from "./unitAnswer.ts";
import { AS_IT_IS } from "./unitAnswer.ts";

export class UnitLayer {
    readonly #worker: ChildProcess;

    private constructor(worker: ChildProcess) {
        this.#worker = worker;
    }

    /** @throws Error when the tests fail without any mutation: then they would prove nothing. */
    static async start(): Promise<UnitLayer> {
        const worker = fork(path.join(import.meta.dirname, "unitWorker.ts"), { cwd: PROJECT_FOLDER, stdio: ["ignore", "inherit", "inherit", "ipc"] });
        await nextMessage(worker);
        const layer = new UnitLayer(worker);
        const failure = await layer.judge();
        if (failure === undefined) return layer;
        layer.close();
        throw new Error(`the unit tests fail as they are, so they cannot judge: ${failure}`);
    }

    /** The first test that fails with the mutation, or undefined when all pass. */
    async judge(mutation?: Mutation): Promise<string | undefined> {
        const answer = nextMessage(this.#worker);
        this.#worker.send(mutation ?? AS_IT_IS);
        const { passed, failure } = await answer as UnitAnswer;
        if (passed === 0 && failure === undefined) throw new Error("no unit test was run");
        return failure;
    }

    close(): void {
        if (this.#worker.connected) this.#worker.disconnect();
    }
}

/** @throws Error when the worker ends instead of answering. */
function nextMessage(worker: ChildProcess): Promise<unknown> {
    return new Promise((resolve, reject) => {
        const refuse = (code: number | null): void => reject(new Error(`the process that runs the unit tests ended with ${String(code)}`));
        worker.once("exit", refuse);
        worker.once("message", (message) => {
            worker.off("exit", refuse);
            resolve(message);
        });
    });
}
