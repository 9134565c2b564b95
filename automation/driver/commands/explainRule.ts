/** Answers `preflight --explain F21`, which needs neither a stack nor anything else. */
import { readWords } from "./words.ts";

/** Undefined when no rule is to be explained. @throws OperatorError for a line that is wrong, or a rule that there is not */
export async function findExplanation(args: readonly string[], environment: Readonly<NodeJS.ProcessEnv>): Promise<string | undefined> {
    if (!args.some((word) => word === "--explain" || word.startsWith("--explain="))) return undefined;
    const id = readWords(args, environment).texts.get("explain");
    if (id === undefined) return undefined;
    const [{ findRule }, { loadRules }, { renderExplanation }] = await Promise.all([
        import("../../preflight/ruleChoice.ts"), import("../../preflight/runPreflight.ts"), import("../../preflight/render/explanation.ts"),
    ]);
    return `${renderExplanation(findRule(id, await loadRules(), "--explain")).join("\n")}\n`;
}
