/** What it means to a caller when InvokeEndpoint fails, and whether the other variant may do better. */
import { ProblemError } from "../problem.ts";

/** Seconds after which a throttled caller may try again: a serverless endpoint frees its slots within a request's time. */
const THROTTLED_RETRY_SECONDS = 1;
const ABSENT_RETRY_SECONDS = 60;
/** Statuses of an endpoint that cannot answer now; anything else the other variant would say too. */
const PASSING_STATUSES: readonly number[] = [429, 502, 503, 504];

/**
 * Errors by name:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html#API_runtime_InvokeEndpoint_Errors
 */
export function explainEndpointError(error: unknown): unknown {
    if (error instanceof ProblemError) return error;
    const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
    switch (name) {
        case "ThrottlingException": return new ProblemError(
            {
                status: 429,
                title: "Too many requests",
                detail: "all of the endpoint's slots are busy",
                retryAfterSeconds: THROTTLED_RETRY_SECONDS,
            },
            { cause: error },
        );
        case "AbortError":
        case "TimeoutError": return new ProblemError(
            { status: 504, title: "Model too slow", detail: "the endpoint did not answer in time" },
            { cause: error },
        );
        case "ModelError":
        case "ModelNotReadyException":
        case "InternalFailure": return modelFailed(`the model's container failed: ${message}`, error);
        case "ValidationError":
        case "ValidationException": return isEndpointAbsent(message) ? nothingServed(message, error) : error;
        default: return isServiceFailure(error) ? modelFailed("the endpoint could not be asked", error) : error;
    }
}

/** Whether the other variant may be asked instead. */
export function isPassing(error: unknown): boolean {
    return error instanceof ProblemError && PASSING_STATUSES.includes(error.problem.status);
}

export function nothingServed(detail: string, cause?: unknown): ProblemError {
    const fix = "run `node automation/deploy.ts --stack <stack> --from train --until enable-endpoints`";
    return new ProblemError(
        { status: 503, title: "Nothing is served", detail: `${detail}; ${fix}`, retryAfterSeconds: ABSENT_RETRY_SECONDS },
        { cause },
    );
}

function modelFailed(detail: string, cause: unknown): ProblemError {
    return new ProblemError({ status: 502, title: "Model failed", detail }, { cause });
}

/** InvokeEndpoint's words for an endpoint that does not exist: "Endpoint <name> of account <id> not found." */
function isEndpointAbsent(message: string): boolean {
    return /endpoint .*not found/i.test(message);
}

/** A status of 5xx under whatever name, or no status at all because the connection broke. */
function isServiceFailure(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    const { $metadata, syscall } = error as { $metadata?: { httpStatusCode?: number }; syscall?: unknown };
    return ($metadata?.httpStatusCode ?? 0) >= 500 || typeof syscall === "string";
}
