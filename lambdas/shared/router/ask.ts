/** Asks the variants of a route one after the other, within the time there is. */
import { explainEndpointError, isPassing } from "./endpointErrors.ts";
import type { Route } from "./routes.ts";
import type { ServedModel } from "./served.ts";

export interface AskOptions {
    /** Milliseconds that are left for all tries. */
    remainingMilliseconds(): number;
    /** Most milliseconds that one try gets. @default all that are left, shared among the tries */
    readonly maxTryMilliseconds?: number;
    /** Told of each variant that did not answer, with the error as the endpoint gave it. */
    onFailure(model: ServedModel, error: unknown): void;
}

export interface Asked<Answer> {
    readonly answer: Answer;
    /** Who answered. */
    readonly model: ServedModel;
}

/**
 * The answer of the first candidate that gives one. Each try gets its share of the time that is left, so that the last one ends in time
 * too.
 *
 * @throws the first candidate's error when none answers, and at once an error that the other variant would give too.
 */
export async function askInOrder<Answer>(
    { candidates }: Pick<Route, "candidates">,
    ask: (model: ServedModel, timeoutMilliseconds: number) => Promise<Answer>,
    options: AskOptions,
): Promise<Asked<Answer>> {
    const { maxTryMilliseconds = Infinity, remainingMilliseconds, onFailure } = options;
    let firstError: unknown;
    for (const [index, model] of candidates.entries()) {
        const share = remainingMilliseconds() / (candidates.length - index);
        try {
            return { answer: await ask(model, Math.max(1, Math.floor(Math.min(share, maxTryMilliseconds)))), model };
        } catch (error) {
            const explained = explainEndpointError(error);
            firstError ??= explained;
            if (index === 0 && !isPassing(explained)) break;
            onFailure(model, error);
        }
    }
    throw firstError;
}
