/** Calls of InvokeEndpoint in a function's code, as far as its text says: what is asked, and by which content type. Nothing is run. */

export interface EndpointCall {
    /** As it stands there; `decided when it runs` for what is computed, undefined when the call has none. */
    readonly contentType: string | typeof COMPUTED | undefined;
}

export const COMPUTED: unique symbol = Symbol("decided when it runs");

/** Keys of an object in JavaScript, or arguments by name in Python. */
const ENDPOINT = /\bEndpointName\b["']?\s*[:=,}]/g;
const BODY = /\bBody\b/;
const CONTENT_TYPE = /\bContentType\b["']?\s*[:=]\s*(["'`])([^"'`$]+)\1/;
/** A content type of another kind, or fields that come from elsewhere. */
const ELSEWHERE = /\bContentType\b|\.\.\.|\*\*/;
const OPEN = "({[";
const CLOSED = ")}]";
/** A call is a few lines; what is longer is none. */
const MOST_CHARACTERS = 20_000;

export function findEndpointCalls(source: string): readonly EndpointCall[] {
    const inputs = [...source.matchAll(ENDPOINT)].map(({ index }) => readFields(source, index));
    return inputs.filter((fields) => BODY.test(fields)).map((fields) => {
        const literal = CONTENT_TYPE.exec(fields)?.[2];
        return { contentType: literal ?? (ELSEWHERE.test(fields) ? COMPUTED : undefined) };
    });
}

/** What stands beside a place within its brackets, without what is in brackets of its own. */
function readFields(source: string, place: number): string {
    return walk(source, place, -1) + walk(source, place, 1);
}

function walk(source: string, place: number, step: 1 | -1): string {
    const [inward, outward] = step === 1 ? [OPEN, CLOSED] : [CLOSED, OPEN];
    let depth = 0;
    let fields = "";
    for (let index = step === 1 ? place : place - 1; Math.abs(index - place) < MOST_CHARACTERS; index += step) {
        const character = source.charAt(index);
        if (character === "") break;
        if (inward.includes(character)) depth += 1;
        else if (outward.includes(character)) depth -= 1;
        else if (depth === 0) fields = step === 1 ? fields + character : character + fields;
        if (depth < 0) break;
    }
    return fields;
}
