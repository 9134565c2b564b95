/** F35: the tests are about the platform that there is. */
import type { StandingRule } from "../rule.ts";

export const rule = {
    id: "F35",
    kind: "test",
    title: "Tests know the types that the program declares, and no others",
    story: "The design had changed, and the tests still described the old one: they failed where nothing was wrong, and did not look at "
        + "what was new.",
    source: "field reports S0-S4",
    prevention: "Preflight and the tests of the program read one table of what was asked for. A test compares the types of AWS that the "
        + "tests of the program and its components name with those that the program declares, both ways.",
    heldBy: ["components/facts/requirements.ts", "tests/index.requirements.test.ts"],
    fix: "bring the test to what the program declares now, or the program back to what the test says; then "
        + "components/facts/requirements.ts",
} as const satisfies StandingRule;
