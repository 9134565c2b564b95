import type { RehearsalOptions } from "../rehearsal.ts";
export async function rehearseBreaks(_ids: readonly string[], _options: RehearsalOptions): Promise<boolean> {
    throw new Error("not yet");
}
