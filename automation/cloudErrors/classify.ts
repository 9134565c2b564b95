/** Finds what an error means, by the words of the engine and the cloud. */
import type { ErrorClass } from "./errorClass.ts";
import { cloudClasses } from "./cloudClasses.ts";
import { operatorClasses } from "./operatorClasses.ts";
import { retryClasses } from "./retryClasses.ts";

/**
 * In the order in which they are looked for: of two classes whose words are in one message, what somebody must change comes before what
 * passes by itself.
 */
export const errorClasses: readonly ErrorClass[] = [...operatorClasses, ...cloudClasses, ...retryClasses];

/** Undefined for words that nobody has recorded. */
export function classify(message: string): ErrorClass | undefined {
    return errorClasses.find(({ words }) => words.test(message));
}

/** The class of an error or of what caused it, the outermost words first. */
export function classifyError(error: unknown): ErrorClass | undefined {
    if (!(error instanceof Error)) return undefined;
    return classify(wordsOf(error)) ?? classifyError(error.cause);
}

/** The SDK has the code of an error as its name. */
export function wordsOf(error: Error): string {
    return `${error.name}: ${error.message}`;
}
