/** Puts before the words of the engine or the cloud what they mean and what to do. */
import { EngineError } from "../engine/engine.ts";
import { CloudRefusal, isSdkError, OperatorError } from "../errors.ts";
import { classifyError } from "./classify.ts";

/** The error itself when nobody has recorded its words, or when it is one of ours that says already what to do. */
export function explainError(error: unknown): unknown {
    if (!(error instanceof EngineError) && !isSdkError(error)) return error;
    const found = classifyError(error);
    if (found === undefined) return error;
    const what = `${found.failure === undefined ? "" : `${found.failure}: `}${found.what}\n  in its own words: ${error.message}`;
    const options = { cause: error };
    return found.kind === "operator" ? new OperatorError(what, found.fix, options) : new CloudRefusal(what, found.fix, options);
}
