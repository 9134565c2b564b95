/** For rules that know something without the account: a question that is not answered leaves the rest of what they know standing. */
import { UnansweredError } from "./accountView.ts";

export type Answered<Answer> = { readonly answer: Answer } | { readonly unanswered: string };

/** The answer, or why there is none. Errors that are no `UnansweredError` are thrown on. */
export async function answerOf<Answer>(question: Promise<Answer>): Promise<Answered<Answer>> {
    try {
        return { answer: await question };
    } catch (error) {
        if (error instanceof UnansweredError) return { unanswered: error.message };
        throw error;
    }
}
