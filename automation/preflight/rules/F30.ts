/** F30: what others need to know of the stack is an output. */
import type { StandingRule } from "../rule.ts";

export const rule = {
    id: "F30",
    kind: "types",
    title: "Everything that others need is an output",
    story: "The stack was up, and tests and others that build on it could not find it: names and ARNs that they needed had been "
        + "forgotten among the exports.",
    source: "field reports S0-S4",
    prevention: "The program's result has the type PlatformOutputs, so that a forgotten output does not compile; the table of what was "
        + "asked for says by which outputs each part is named, or why by none, and a test compares.",
    heldBy: ["components/outputs.ts", "components/facts/requirements.ts", "index.ts", "tests/index.requirements.test.ts"],
    fix: "add the output to components/outputs.ts with a sentence on what it is; the compiler then asks index.ts for its value",
} as const satisfies StandingRule;
