/** A process that runs the tests of the program once for each mutation that it is sent. It ends with its parent. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";
import { keepRuns } from "../../support/mocks.ts";
import { PROJECT_FOLDER } from "../proof.ts";
import { MUTATION_VARIABLE } from "./mutation.ts";
import type { Mutation } from "./mutation.ts";
import { AS_IT_IS } from "./unitAnswer.ts";
import type { UnitAnswer } from "./unitAnswer.ts";

/** Prints nothing. */
class SilentReporter {}

/** The tables of all permissions and protections: they see most, and the first failure ends a run. */
const FIRST = ["index.permissions.test.ts", "index.protection.test.ts"];

/** The tests that look at the program, not at pure functions: those that run it against the mocks. */
async function loadTests(): Promise<Mocha> {
    const files = globSync(["tests/components/**/*.test.ts", "tests/index*.test.ts"], { cwd: PROJECT_FOLDER })
        .map((file) => path.join(PROJECT_FOLDER, file))
        .filter((file) => readFileSync(file, "utf8").includes("support/mocks.ts"));
    const mocha = new Mocha({ reporter: SilentReporter as unknown as Mocha.ReporterConstructor, bail: true, timeout: 30_000 });
    mocha.cleanReferencesAfterRun(false);
    const rank = (file: string): string => `${FIRST.includes(path.basename(file)) ? 0 : 1}${file}`;
    for (const file of files.sort((one, other) => (rank(one) < rank(other) ? -1 : 1))) mocha.addFile(file);
    await mocha.loadFilesAsync();
    return mocha;
}

function runTests(mocha: Mocha): Promise<UnitAnswer> {
    return new Promise((resolve) => {
        let failure: string | undefined;
        const runner = mocha.run(() => resolve({ passed: runner.stats?.passes ?? 0, ...(failure === undefined ? {} : { failure }) }));
        runner.on("fail", (test, error: Error) => failure ??= `${test.fullTitle()}: ${error.message.split("\n")[0] ?? ""}`);
    });
}

keepRuns();
const mocha = await loadTests();
process.on("disconnect", () => process.exit());
process.on("message", (mutation: Mutation | typeof AS_IT_IS) => {
    if (mutation === AS_IT_IS) delete process.env[MUTATION_VARIABLE];
    else process.env[MUTATION_VARIABLE] = JSON.stringify(mutation);
    void runTests(mocha).then((answer) => process.send?.(answer));
});
process.send?.("ready");
