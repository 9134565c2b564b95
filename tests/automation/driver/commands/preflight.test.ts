import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import type { Log } from "sarif";
import { exitCodeOfCommand } from "../../../../automation/driver/commands/exitCode.ts";
import { preflightCommand } from "../../../../automation/driver/commands/preflight.ts";
import { runPreflightCommand } from "../../../../automation/driver/commands/preflighting/runPreflightCommand.ts";
import { runDriver } from "../../../../automation/driver/driver.ts";
import { parseDriverOptions } from "../../../../automation/driver/options.ts";
import { EngineError } from "../../../../automation/engine/engine.ts";
import type { Session } from "../../../../automation/driver/session.ts";
import { describeError, EXIT } from "../../../../automation/errorReport.ts";
import { InterruptedError, OperatorError } from "../../../../automation/errors.ts";
import type { PreflightResult } from "../../../../automation/preflight/result.ts";
import { buildPlan, urnOf } from "../../../../automation/preflight/samples.ts";
import type { SampleResource } from "../../../../automation/preflight/samples.ts";
import { parseRuleChoice } from "../../../../automation/preflight/ruleChoice.ts";
import type { RuleWords } from "../../../../automation/preflight/ruleChoice.ts";
import { renderRefusedName } from "../../../../components/refusedName.ts";
import { createPhaseWorld, failureOf } from "../../../support/phaseWorld.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../../..");

function optionsOf(...words: readonly string[]) {
    return parseDriverOptions(words, { projectFolder: "/project", environment: { INIT_CWD: "/here" } });
}

describe("the options of preflight", () => {
    it("choose rules, leave some out for a reason each, and name a file", () => {
        const options = optionsOf("preflight", "--stack", "dev", "--only", "f21, F22", "--skip", "F07,F29", "--because", "no NAT in dev", "--skip=F14", "--because=later",
            "--strict", "--offline", "--sarif", "out.sarif");
        expect(options).to.include({ command: "preflight", isOffline: true, sarifFile: "/here/out.sarif" });
        expect(options.ruleChoice).to.deep.equal({
            only: ["F21", "F22"], isStrict: true,
            skipped: [{ id: "F07", because: "no NAT in dev" }, { id: "F29", because: "no NAT in dev" }, { id: "F14", because: "later" }],
        });
    });

    it("leave all rules as they are when nothing is said", () => {
        const { ruleChoice, isOffline } = optionsOf("preflight", "--stack", "dev");
        expect([ruleChoice, isOffline]).to.deep.equal([{ skipped: [], isStrict: false }, false]);
    });

    it("leave rules out of a deployment too", () => {
        for (const command of ["deploy", "up"]) {
            expect(optionsOf(command, "--stack", "dev", "--skip", "F29", "--because", "later").ruleChoice.skipped).to.deep.equal([{ id: "F29", because: "later" }]);
            expect(() => optionsOf(command, "--stack", "dev", "--only", "F29")).to.throw(OperatorError, `${command} takes no --only`);
        }
    });

    const refusals: readonly (readonly [words: readonly string[], what: RegExp])[] = [
        [["--skip", "F07"], /--skip F07 gives no reason/],
        [["--skip", "F07", "--skip", "F22", "--because", "later"], /--skip F07 gives no reason/],
        [["--skip", "F07", "--because", "later", "--skip", "F22"], /--skip F22 gives no reason/],
        [["--skip", "F07", "--because", " "], /--skip F07 gives no reason/],
        [["--because", "later", "--skip", "F07"], /--because "later" stands after no --skip/],
        [["--skip", "F07", "--because", "now", "--because", "later"], /--because "later" stands after no --skip/],
        [["--skip", "F07", "--because", "now", "--skip", "F07", "--because", "later"], /--skip F07 is given twice/],
        [["--skip", "NAT", "--because", "later"], /--skip: "NAT" is no rule/],
        [["--only", ","], /--only: "," is no rule/],
    ];
    for (const [words, what] of refusals) {
        it(`refuse ${words.join(" ")}`, () => {
            expect(() => optionsOf("preflight", "--stack", "dev", ...words)).to.throw(OperatorError, what);
        });
    }
});

const LOGS: SampleResource = { type: "aws:cloudwatch/logGroup:LogGroup", name: "worker-logs", inputs: { name: "/aws/lambda/firstlight-dev-worker" } };
const HASTY: SampleResource = {
    type: "aws:lambda/function:Function", name: "worker", inputs: { name: "firstlight-dev-worker" }, sourcePosition: { file: "components/worker.ts", line: 7 },
};

interface Look { readonly failure: unknown; readonly result: PreflightResult; readonly asked: readonly string[] }

/** The command on a stack of one function, which waits for its log group or does not. */
async function look(worker: SampleResource, words: RuleWords, answers: Parameters<typeof createPhaseWorld>[0] = {}): Promise<Look> {
    const plan = buildPlan(LOGS, worker);
    const world = createPhaseWorld(answers, { isOffline: true, ruleChoice: parseRuleChoice(words), recordPlans: async () => ({ asIs: plan, endpointsOn: plan }) });
    const session: Pick<Session, "phaseContext" | "options" | "print"> = {
        options: optionsOf("preflight", "--stack", "dev"), phaseContext: async () => world.context, print: () => {},
    };
    const failure = await runPreflightCommand(session as Session).then(() => undefined, (error: unknown) => error);
    const event = world.reporter.events.find(({ kind }) => kind === "preflight");
    if (event?.kind !== "preflight") throw failure;
    return { failure, result: event.result, asked: world.sent.map(({ name }) => name) };
}

const ONE: RuleWords = { only: "F28", repeated: [], isStrict: false };
const PATIENT: SampleResource = { ...HASTY, dependencies: [urnOf(LOGS)] };

describe("preflight", () => {
    it("ends well when nothing blocks, and has asked nobody", async () => {
        const { failure, result, asked } = await look(PATIENT, ONE);
        expect(failure).to.equal(undefined);
        expect(result.passed).to.deep.equal(["F28"]);
        expect(asked).to.deep.equal([]);
    });

    it("ends with 1 and one line when something blocks, after telling what and where", async () => {
        const { failure, result } = await look(HASTY, ONE);
        expect(exitCodeOfCommand(preflightCommand, failure)).to.equal(EXIT.operator);
        expect(describeError(failure)).to.equal("1 blocker: F28");
        expect(result.findings[0]).to.deep.include({ id: "F28", at: [{ file: "components/worker.ts", line: 7 }] });
    });

    it("looks away from what is skipped, says so with the reason, and calls it neither passed nor checked", async () => {
        const repeated = [{ name: "skip", value: "F28" }, { name: "because", value: "the worker is new" }];
        const { failure, result } = await look(HASTY, { ...ONE, repeated });
        expect(failure).to.equal(undefined);
        expect(result).to.deep.equal({ findings: [], passed: [], notChecked: [], notApplicable: [], skipped: [{ id: "F28", because: "the worker is new" }] });
    });

    it("lets a rule pass that could not be checked, unless it is strict", async () => {
        const lenient = await look(PATIENT, { ...ONE, only: "F28,F12" });
        expect([lenient.failure, lenient.result.passed, lenient.result.notChecked.map(({ id }) => id)]).to.deep.equal([undefined, ["F28"], ["F12"]]);
        const strict = await look(PATIENT, { ...ONE, only: "F28,F12", isStrict: true });
        expect(describeError(strict.failure)).to.equal("1 rule could not be checked, which --strict does not let pass: F12");
        expect(exitCodeOfCommand(preflightCommand, strict.failure)).to.equal(EXIT.operator);
    });

    it("takes a name that the program refuses for a finding; all that needs the plan is not checked", async () => {
        const refused = renderRefusedName({ failure: "F27", resource: "letters", what: "its name \"letters\" is anybody's", fix: "make it by context.naming" });
        const fail = async (): Promise<never> => { throw new EngineError(`Running program failed:\nerror: ${refused}\n`); };
        const world = createPhaseWorld({}, { isOffline: true, recordPlans: fail });
        const session: Partial<Session> = { options: optionsOf("preflight", "--stack", "dev"), phaseContext: async () => world.context, projectFolder: PROJECT };
        const failure = await failureOf(runPreflightCommand(session as Session));
        expect([exitCodeOfCommand(preflightCommand, failure), describeError(failure)]).to.deep.equal([EXIT.operator, "1 blocker: F27"]);
        const [event] = world.reporter.events.filter(({ kind }) => kind === "preflight");
        if (event?.kind !== "preflight") throw new Error("nothing was told");
        expect(event.result.findings[0]).to.include({ id: "F27", where: "dev/letters", what: "its name \"letters\" is anybody's", fix: "make it by context.naming" });
        expect(event.result.passed).to.deep.equal([]);
        expect(event.result.notChecked.map(({ id }) => id)).to.include("F28").and.not.to.include("F27");
    });

    it("could not look where the program fails in another way", async () => {
        const fail = async (): Promise<never> => { throw new EngineError("TypeError: naming is undefined"); };
        const world = createPhaseWorld({}, { isOffline: true, recordPlans: fail });
        const session: Partial<Session> = { options: optionsOf("preflight", "--stack", "dev"), phaseContext: async () => world.context, projectFolder: PROJECT };
        expect(exitCodeOfCommand(preflightCommand, await failureOf(runPreflightCommand(session as Session)))).to.equal(EXIT.cloud);
    });

    it("refuses rules that there are not, and those without a check", async () => {
        expect(await failureOf(look(PATIENT, { ...ONE, only: "F999" }))).to.have.nested.property("cause.message").that.contains('no rule "F999"');
        expect(await failureOf(look(PATIENT, { ...ONE, only: "F04" }))).to.have.nested.property("cause.message").that.contains("F04: it has no check");
    });

    it("could not look after anything else that went wrong, but for an interruption; other commands keep their codes", () => {
        expect(exitCodeOfCommand(preflightCommand, new OperatorError("there is no stack", ""))).to.equal(EXIT.cloud);
        expect(exitCodeOfCommand(preflightCommand, new Error("a bug"))).to.equal(EXIT.cloud);
        expect(exitCodeOfCommand(preflightCommand, new InterruptedError("Ctrl-C"))).to.equal(EXIT.interrupted);
        expect(exitCodeOfCommand({}, new OperatorError("there is no stack", ""))).to.equal(EXIT.operator);
    });
});

interface Run { readonly exitCode: number; readonly stdout: string; readonly stderr: string }

async function run(projectFolder: string, ...words: readonly string[]): Promise<Run> {
    const texts = { stdout: "", stderr: "" };
    const exitCode = await runDriver(words, {
        projectFolder, stdin: new PassThrough(), environment: { PATH: "", HOME: projectFolder, INIT_CWD: projectFolder },
        stdout: { write: (text) => { texts.stdout += text; } }, stderr: { write: (text) => { texts.stderr += text; } },
    });
    return { exitCode, ...texts };
}

function makeProject(settings: string): string {
    const folder = mkdtempSync(path.join(tmpdir(), "firstlight-preflight-"));
    writeFileSync(path.join(folder, "Pulumi.yaml"), "name: firstlight\n");
    writeFileSync(path.join(folder, "Pulumi.dev.yaml"), `config:\n  aws:region: eu-central-1\n${settings}`);
    return folder;
}

function readSarif(folder: string): Log {
    return JSON.parse(readFileSync(path.join(folder, "out.sarif"), "utf8")) as Log;
}

describe("the command preflight", () => {
    it("explains a rule without a stack, and knows no other", async () => {
        const { exitCode, stdout } = await run(PROJECT, "preflight", "--explain", "f28");
        expect([exitCode, stdout.split("\n")[0]]).to.deep.equal([EXIT.done, "F28: What needs something first waits for it"]);
        const unknown = await run(PROJECT, "preflight", "--explain=F999");
        expect([unknown.exitCode, unknown.stderr.split("\n")[0]]).to.deep.equal([EXIT.cloud, '--explain: there is no rule "F999"']);
    });

    it("ends with 2 when it could not look: a wrong line, a stack that there is not", async () => {
        expect((await run(PROJECT, "preflight", "--stack", "dev", "--skip", "F28")).exitCode).to.equal(EXIT.cloud);
        expect((await run(PROJECT, "preflight", "--stack", "nowhere", "--offline")).exitCode).to.equal(EXIT.cloud);
        expect((await run(PROJECT, "status", "--stack", "nowhere")).exitCode).to.equal(EXIT.operator);
    });

    it("takes settings that the program would refuse for findings, at their line, where they are failures of the catalogue", async () => {
        const folder = makeProject("  firstlight:data: { label: churned }\n  firstlight:storage:\n    infrequentAccessDays: 45\n    archiveDays: 60\n");
        const { exitCode, stdout, stderr } = await run(folder, "preflight", "--stack", "dev", "--offline", "--sarif", "out.sarif");
        expect(exitCode, stderr).to.equal(EXIT.operator);
        expect(stdout).to.contain("F15 dev/storage.archiveDays: must be at least 30 days after").and.to.contain("at: Pulumi.dev.yaml:6").and.to.contain("docs/failures.md#f15");
        expect(stdout).to.contain("Not checked").and.not.to.match(/^Passed/m);
        expect(stderr).to.equal("1 blocker: F15\n");
        const [sarif] = readSarif(folder).runs;
        expect(sarif?.results?.map(({ ruleId, locations }) => [ruleId, locations?.[0]?.physicalLocation?.region?.startLine])).to.deep.equal([["F15", 6]]);
        expect(sarif?.invocations?.[0]).to.include({ executionSuccessful: true, exitCode: EXIT.operator });
    });

    it("could not look at settings that are wrong in another way; the file for code scanning says why", async () => {
        const folder = makeProject("  firstlight:data: { lable: churned }\n");
        const { exitCode, stderr } = await run(folder, "preflight", "--stack", "dev", "--offline", "--sarif", "out.sarif");
        expect([exitCode, stderr.includes("firstlight:data.label: is missing")]).to.deep.equal([EXIT.cloud, true]);
        const [invocation] = readSarif(folder).runs[0]?.invocations ?? [];
        expect(invocation).to.include({ executionSuccessful: false, exitCode: EXIT.cloud });
        expect(invocation?.toolExecutionNotifications?.[0]?.message.text).to.contain("firstlight:data.label: is missing");
    });

    it("says what was found, not that the file for code scanning cannot be written, when both went wrong", async () => {
        const folder = makeProject("  firstlight:data: { lable: churned }\n");
        const { exitCode, stderr } = await run(folder, "preflight", "--stack", "dev", "--offline", "--sarif", "nowhere/out.sarif");
        expect([exitCode, stderr.includes("label: is missing")]).to.deep.equal([EXIT.cloud, true]);
    });
});
