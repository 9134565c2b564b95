/** Follows an operation of the CLI and hands on what it reports, without the secrets of the stack. */
import type { EngineEvent as AutomationEvent } from "@pulumi/pulumi/automation/index.js";
import { Masker } from "../embedded/mask.ts";
import type { EngineEvent } from "../engine.ts";
import { EventTranslator } from "./events.ts";

const NOT_SHOWN = "(a message that is not shown: which secrets it could hold cannot be read from the state)";

export interface OperationObserverOptions {
    readonly onEvent?: ((event: EngineEvent) => void) | undefined;
    /** The texts of all secrets in the state as it is now. Asked only when there is a message that could hold one; without an answer that is not shown. */
    readonly readSecrets: () => Promise<readonly string[]>;
}

/** Events come in the order of the engine's; those after a message wait until it is clean. */
export class OperationObserver {
    readonly seen = new EventTranslator();
    readonly #options: OperationObserverOptions;
    readonly #masker = new Masker();
    #delivery: Promise<void> | undefined;
    /** Messages up to this one are older than the secrets that were read last. */
    #covered = 0;
    #messages = 0;

    constructor(options: OperationObserverOptions) {
        this.#options = options;
    }

    observe(event: AutomationEvent): void {
        for (const translated of this.seen.translate(event)) {
            if (translated.message === undefined && this.#delivery === undefined) this.#options.onEvent?.(translated);
            else this.#queue(translated);
        }
    }

    /** Waits until everything is handed on. */
    async end(): Promise<void> {
        await this.#delivery;
    }

    /** The text without the secrets of the state. */
    async clean(text: string): Promise<string> {
        this.#messages += 1;
        return this.#clean(text, this.#messages);
    }

    #queue(event: EngineEvent): void {
        if (event.message !== undefined) this.#messages += 1;
        const number = this.#messages;
        this.#delivery = (this.#delivery ?? Promise.resolve()).then(async () => {
            const { message } = event;
            this.#options.onEvent?.(message === undefined ? event : { ...event, message: await this.#clean(message, number) });
        });
    }

    /** Never fails: an operation that goes well does not end because of what it said. */
    async #clean(text: string, number: number): Promise<string> {
        if (number > this.#covered) {
            const covered = this.#messages;
            try {
                this.#masker.add(await this.#options.readSecrets());
            } catch {
                return NOT_SHOWN;
            }
            this.#covered = covered;
        }
        return this.#masker.mask(text);
    }
}
