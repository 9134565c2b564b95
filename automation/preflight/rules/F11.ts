/** F11: an output that does not exist is absent. */
import type { StandingRule } from "../rule.ts";

export const rule = {
    id: "F11",
    kind: "types",
    title: "What does not exist has no output",
    story: "Before there was a model, outputs said \"not_created\" where an endpoint's name was to stand. Tests took the text for a "
        + "name and failed; each reader of the outputs had to know the word.",
    source: "field reports S0-S4",
    prevention: "Outputs are typed: optional ones are absent, and `phase` says which there are. The type checker refuses an output that "
        + "PlatformOutputs does not have, and a test reads the outputs of both phases for words that stand for nothing.",
    heldBy: ["components/outputs.ts", "index.ts", "tests/index.test.ts", "tests/index.requirements.test.ts"],
    fix: "make the property optional in components/outputs.ts, and leave it out where there is nothing to name; readers look at `phase`",
} as const satisfies StandingRule;
