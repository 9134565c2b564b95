/** Pages of a list: how many, and where to go on. */
import { ProblemError } from "../shared/problem.ts";

export interface Page {
    readonly limit: number;
    /** As `buildToken` made it. */
    readonly token?: string;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** @throws ProblemError (400) when the limit is no whole number from 1 to 100. */
export function parsePage({ limit: text, next }: Readonly<Partial<Record<string, string>>>): Page {
    const limit = text === undefined ? DEFAULT_LIMIT : Number(text);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
        throw invalidQuery("limit", `must be a whole number from 1 to ${MAX_LIMIT}, got ${JSON.stringify(text)}`);
    }
    return { limit, ...(next === undefined ? {} : { token: next }) };
}

/** Says where a page ended; nobody but `parseToken` needs to understand it. */
export function buildToken(kind: string, last: string): string {
    return Buffer.from(JSON.stringify({ [kind]: last })).toString("base64url");
}

/** Where the page before ended; undefined at the beginning. @throws ProblemError (400) when the token is none, or another list's. */
export function parseToken(token: string | undefined, kind: string): string | undefined {
    if (token === undefined) return undefined;
    const last = readToken(token)[kind];
    if (typeof last !== "string" || last === "") throw invalidQuery("next", "must be what the answer before said");
    return last;
}

function readToken(token: string): Readonly<Record<string, unknown>> {
    try {
        const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
        return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
    } catch {
        return {};
    }
}

function invalidQuery(name: string, detail: string): ProblemError {
    return new ProblemError({ status: 400, title: "Invalid request", detail: `the query's ${name} ${detail}` });
}
