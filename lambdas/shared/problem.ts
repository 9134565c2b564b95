/** Answers of the HTTP API: JSON, or a problem (RFC 9457) that says what was wrong and how to mend it. */

/** What an HTTP function returns: API Gateway's payload format 2.0. */
export interface HttpAnswer {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
}

export interface Problem {
    readonly status: number;
    /** Short, the same for every occurrence. */
    readonly title: string;
    /** This occurrence, for the caller to read. */
    readonly detail: string;
    /** One entry per thing that is wrong with the request. */
    readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
    /** Seconds after which the caller may try again; sent as `Retry-After`. */
    readonly retryAfterSeconds?: number;
}

/** Thrown by an HTTP function's core; its handler turns it into an answer. */
export class ProblemError extends Error {
    override readonly name = "ProblemError";
    readonly problem: Problem;

    constructor(problem: Problem, options?: ErrorOptions) {
        super(problem.detail, options);
        this.problem = problem;
    }
}

/** A JSON answer that carries the request's id in a header. */
export function buildAnswer(statusCode: number, body: unknown, requestId: string): HttpAnswer {
    return {
        statusCode,
        headers: { "content-type": "application/json", "cache-control": "no-store", "x-request-id": requestId },
        body: JSON.stringify(body),
    };
}

/** `application/problem+json` with the request's id, by which the log line is found. */
export function buildProblemAnswer(problem: Problem, requestId: string): HttpAnswer {
    const { retryAfterSeconds, ...rest } = problem;
    const answer = buildAnswer(problem.status, { type: "about:blank", ...rest, requestId }, requestId);
    const headers = {
        ...answer.headers,
        "content-type": "application/problem+json",
        ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    };
    return { ...answer, headers };
}
