/** Asks a person before anything is changed. */
import { createInterface } from "node:readline/promises";
import type { DriverHost } from "./driverHost.ts";
import { OperatorError } from "../errors.ts";
import type { DriverOptions } from "./options.ts";
import type { Preset } from "../../components/config/presets.ts";

/** What decides how much has to be said. */
export interface Stakes {
    readonly options: Pick<DriverOptions, "command" | "isConfirmed" | "confirmedStack" | "deletesData">;
    /** Of the Pulumi stack, as it has to be typed. */
    readonly pulumiStack: string;
    readonly preset: Preset;
    readonly signal: AbortSignal;
}

/**
 * A yes is enough where what is changed can be made again; in production, and where data is deleted, the stack's name has to be said.
 *
 * @throws OperatorError when the answer is another, or nobody is there to give one
 */
export async function confirm(question: string, stakes: Stakes, host: Pick<DriverHost, "stdin" | "stderr">): Promise<void> {
    const { options, pulumiStack, preset } = stakes;
    const mustName = preset === "prod" || options.deletesData;
    if (options.confirmedStack !== undefined && options.confirmedStack !== pulumiStack) {
        throw new OperatorError(`--confirm names ${options.confirmedStack}, but the stack is ${pulumiStack}`, `write --confirm ${pulumiStack}, if that is the one you mean`);
    }
    if (options.confirmedStack !== undefined || (options.isConfirmed && !mustName)) return;
    if (host.stdin.isTTY !== true) {
        throw new OperatorError(`nobody is there to be asked: ${question}?`, mustName ? `add --confirm ${pulumiStack}; --yes alone is not enough here` : "add --yes");
    }
    const answer = await ask(`${question}? (${mustName ? `type ${pulumiStack}` : "yes"}) `, stakes.signal, host);
    const isYes = mustName ? answer === pulumiStack : /^y(es)?$/i.test(answer);
    if (!isYes) throw new OperatorError("not confirmed, nothing was touched", mustName ? `type ${pulumiStack}, or add --confirm ${pulumiStack}` : "answer yes, or add --yes");
}

/** On stderr, so that it is seen whatever becomes of stdout. Nothing when the input ends: readline alone would wait on, and Node end with 13. */
async function ask(text: string, signal: AbortSignal, { stdin, stderr }: Pick<DriverHost, "stdin" | "stderr">): Promise<string> {
    const asking = createInterface({ input: stdin });
    stderr.write(text);
    try {
        const end = new Promise<string>((resolve) => { asking.once("close", () => resolve("")); });
        return (await Promise.race([asking.question("", { signal }), end])).trim();
    } finally {
        asking.close();
    }
}
