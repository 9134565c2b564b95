/** Puts before the words of the engine or the cloud what they mean and what to do. */
import { EngineError } from "../engine/engine.ts";
import { CloudRefusal, isSdkError, OperatorError } from "../errors.ts";
import { classify, classifyError, wordsOf } from "./classify.ts";
import type { ErrorClass } from "./errorClass.ts";

/** The error itself when nobody has recorded its words, or when it is one of ours that says already what to do. */
export function explainError(error: unknown): unknown {
    if (!(error instanceof EngineError) && !isSdkError(error)) return error;
    const found = classifyError(error);
    return found === undefined ? error : explain(found, error.message, error);
}

/**
 * The error for something that ran in the cloud and failed, for example a run of the pipeline.
 *
 * @param what what failed, and how it ended
 * @param reason why, in the cloud's words
 */
export function explainFailure(what: string, reason: string): OperatorError | CloudRefusal {
    const message = `${what}: ${reason}`;
    const found = classify(reason);
    return found === undefined ? new CloudRefusal(message) : explain(found, message);
}

function explain(found: ErrorClass, message: string, cause?: Error): OperatorError | CloudRefusal {
    const groups = found.words.exec(cause === undefined ? message : wordsInChain(found, cause))?.groups;
    const what = found.what.replace(/\{(\w+)\}/g, (_, name: string) => groups?.[name] ?? name);
    const text = `${found.failure === undefined ? "" : `${found.failure}: `}${what}\n  in its own words: ${message}`;
    const options = cause === undefined ? {} : { cause };
    return found.kind === "operator" ? new OperatorError(text, found.fix, options) : new CloudRefusal(text, found.fix, options);
}

/** Those of the error, or of what caused it, in which the class was found. */
function wordsInChain(found: ErrorClass, error: Error): string {
    const words = wordsOf(error);
    return found.words.test(words) || !(error.cause instanceof Error) ? words : wordsInChain(found, error.cause);
}
