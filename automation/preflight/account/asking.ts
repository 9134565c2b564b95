/**
 * How the account is asked: some questions at a time, each once, in bounded time, and every error becomes an `UnansweredError` that says what
 * to do. A service that does not answer is not asked again: that costs its whole patience each time.
 */
import { UnansweredError } from "./accountView.ts";
import type { UnansweredBecause } from "./accountView.ts";

/** Services throttle the account as a whole, and other people work in it. */
const AT_A_TIME = 8;
/** For one question, which may be a list of many pages. */
const LIMIT_MS = 60_000;
/** What takes longer to fail has waited for somebody: a name that nobody knows, or a closed door, is told at once. */
const WAITED_MS = 2_000;
/** So many services that were waited for in vain mean that the network is at fault. */
const GIVES_UP_AFTER = 3;

export interface Asking {
    /**
     * The answer to a question, asked once however often it is wanted.
     *
     * @param key says which question it is
     * @param action of IAM, for whoever may not ask; where several are needed, the one that is the most telling
     */
    ask<Answer>(key: string, action: string, question: () => Promise<Answer>): Promise<Answer>;
}

/** @param limitMs for one question. @default a minute */
export function createAsking(limitMs = LIMIT_MS): Asking {
    const answers = new Map<string, Promise<unknown>>();
    const gate = createGate(AT_A_TIME);
    const patience = createPatience();
    return {
        ask<Answer>(key: string, action: string, question: () => Promise<Answer>): Promise<Answer> {
            const known = answers.get(key) as Promise<Answer> | undefined;
            const answer = known ?? gate(() => patience(action, () => withLimit(question, limitMs)));
            answers.set(key, answer);
            return answer;
        },
    };
}

/** Lets at most `limit` pieces of work run at a time, in the order in which they came. */
export function createGate(limit: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
    const waiting: (() => void)[] = [];
    let running = 0;
    return async (work) => {
        if (running < limit) running++;
        else await new Promise<void>((resolve) => waiting.push(resolve));
        try {
            return await work();
        } finally {
            // Whoever waits takes the place over.
            const next = waiting.shift();
            if (next === undefined) running--;
            else next();
        }
    };
}

/** Asks, as long as there is hope that somebody answers. */
function createPatience(): <Answer>(action: string, question: () => Promise<Answer>) => Promise<Answer> {
    const silent = new Map<string, UnansweredError>();
    return async (action, question) => {
        const [service = ""] = action.split(":");
        const known = silent.get(service);
        if (known !== undefined) throw known;
        if (silent.size >= GIVES_UP_AFTER) throw new UnansweredError(`${action} was not asked, after ${[...silent.keys()].join(", ")} gave no answer`, "unreachable");
        const startedAt = Date.now();
        try {
            return await question();
        } catch (error) {
            const silence = describeSilence(action, error);
            if (silence.because === "unreachable" && Date.now() - startedAt >= WAITED_MS) silent.set(service, silence);
            throw silence;
        }
    };
}

/** An error by the name that the SDK gives to a time that ran out. */
async function withLimit<Answer>(question: () => Promise<Answer>, limitMs: number): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(Object.assign(new Error(`no answer within ${limitMs} ms`), { name: "TimeoutError" })), limitMs);
    });
    try {
        return await Promise.race([question(), limit]);
    } finally {
        clearTimeout(timer);
    }
}

/** EC2, SNS and the services that speak JSON call it differently; a HEAD request has no words at all. */
const DENIED = /^(AccessDenied|Unauthorized|NotAuthorized|AuthorizationError|Forbidden|403$)/;
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/;
const CREDENTIALS = /^(CredentialsProviderError|Expired|RequestExpired|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch)/;
const NOBODY = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/;

/** What an error of the SDK means for the question. An `UnansweredError` stays what it is. */
export function describeSilence(action: string, error: unknown): UnansweredError {
    if (error instanceof UnansweredError) return error;
    const { name, message, code } = readError(error);
    const silence = (because: UnansweredBecause, text: string): UnansweredError => new UnansweredError(text, because, { cause: error });
    if (DENIED.test(name)) {
        const denied = /not authorized to perform:? ([\w-]+:\w+)/.exec(message)?.[1] ?? action;
        return silence("denied", `the credentials may not ask ${denied}, which the policy of --preflight-role allows`);
    }
    if (THROTTLED.test(name)) {
        return silence("throttled", `${action} was throttled, also when it was asked again: run this again in a minute`);
    }
    if (NOBODY.test(code) || NOBODY.test(name)) {
        const reason = code === "" ? name : code;
        return silence("unreachable", `nobody answered ${action} (${reason}): look at the network, and whether the region has the service`);
    }
    if (CREDENTIALS.test(name)) {
        return silence("other", `the credentials were not taken for ${action} (${name}): log in again, for example with \`aws sso login\``);
    }
    return silence("other", `${action} was answered by ${name}: ${message}`);
}

/** Node has the reason of a failed connection as a code, now and then on the error's cause. */
function readError(error: unknown): { readonly name: string; readonly message: string; readonly code: string } {
    if (!(error instanceof Error)) return { name: "an error", message: String(error), code: "" };
    const codeOf = (value: unknown): string => {
        const code = (value as { readonly code?: unknown } | undefined)?.code;
        return typeof code === "string" ? code : "";
    };
    const code = codeOf(error);
    return { name: error.name, message: error.message, code: code === "" ? codeOf(error.cause) : code };
}
