import path from "node:path";
import { expect } from "chai";
import { OPTIONS } from "../../../automation/driver/commands/optionTable.ts";
import { OperatorError } from "../../../automation/errors.ts";
import { nearestName } from "../../../automation/driver/nearestName.ts";
import { parseDriverOptions, parseDuration } from "../../../automation/driver/options.ts";
import type { DriverOptions } from "../../../automation/driver/options.ts";
import { parseRehearseOptions } from "../../../automation/rehearsal/rehearseOptions.ts";

const PROJECT = "/project";

function parse(line: string, environment: Record<string, string> = {}): DriverOptions {
    return parseDriverOptions(line.split(" ").filter((word) => word !== ""), { projectFolder: PROJECT, environment: { INIT_CWD: "/here", ...environment } });
}

describe("the options of the driver", () => {
    it("need a stack, and take the shipped data when none is named", () => {
        expect(() => parse("")).to.throw(OperatorError, "--stack is missing");
        const options = parse("--stack dev --from train --yes");
        expect(options).to.include({ command: "deploy", stack: "dev", from: "train", isConfirmed: true, allowEmulator: false, refresh: true, diagnose: false });
        expect(options.dataFile).to.equal(path.join(PROJECT, "data", "customer-churn.csv"));
        for (const absent of ["jsonFile", "suffix", "timeoutMs", "confirmedStack", "argument", "reportFile"]) expect(options).not.to.have.property(absent);
    });

    it("take files from the folder of the caller, and - for stdout", () => {
        expect(parse("train --stack dev --data sales.csv --json run.jsonl")).to.include({ dataFile: "/here/sales.csv", jsonFile: "/here/run.jsonl" });
        expect(parse("--stack dev --json - --report out.html")).to.include({ jsonFile: "-", reportFile: "/here/out.html" });
    });

    it("take a command wherever it stands, and its word", () => {
        expect(parse("--stack dev endpoints off")).to.include({ command: "endpoints", argument: "off" });
        expect(parse("endpoints --stack dev on")).to.include({ command: "endpoints", argument: "on" });
    });

    const refusals: readonly (readonly [line: string, what: RegExp, fix: RegExp])[] = [
        ["--stack dev --form up", /there is no option --form/, /did you mean --from\?/],
        ["statsu --stack dev", /there is no command "statsu"/, /did you mean status\?/],
        ["dev", /there is no command "dev"/, /choose one of deploy, preflight/],
        ["--stack", /--stack needs a value/, /--stack NAME/],
        ["--stack --yes", /--stack needs a value/, /--stack NAME/],
        ["--stack dev --yes=no", /--yes takes no value, got "no"/, /write --yes alone/],
        ["--stack dev --stack prod", /--stack is given twice/, /once/],
        ["status --stack dev --yes", /status takes no --yes/, /it is an option of deploy, up/],
        ["sweep --stack dev --from up", /sweep takes no --from/, /it is an option of deploy$/],
        ["status now --stack dev", /status takes no word after it, got "now"/, /--help/],
        ["endpoints --stack dev", /endpoints needs one word more/, /endpoints on or endpoints off/],
        ["endpoints of --stack dev", /endpoints takes on or off, got "of"/, /--help/],
        ["endpoints off on --stack dev", /endpoints off takes no word after it, got "on"/, /--help/],
        ["--stack dev --from trane", /--from: there is no phase "trane"/, /train/],
        ["--stack dev --from verify --until up", /--until up comes before --from verify/, /the order is/],
        ["--stack dev --timeout 45", /--timeout: "45" is no time/, /45m/],
        ["--stack dev --timeout 0s", /no time between 1s/, /45m/],
        ["--stack dev --timeout 900h", /no time between 1s and 596h/, /45m/],
    ];
    for (const [line, what, fix] of refusals) {
        it(`refuse ${line}, with what may have been meant`, () => {
            expect(() => parse(line)).to.throw(OperatorError, what).with.property("fix").that.matches(fix);
        });
    }

    it("take an environment beside a stack by its suffix, or by the name that Pulumi has for it", () => {
        for (const line of ["--stack dev --suffix pr1", "--stack dev--pr1", "--stack dev--pr1 --suffix pr1"]) expect(parse(line), line).to.include({ stack: "dev", suffix: "pr1" });
        expect(() => parse("--stack dev--pr1", { ENVIRONMENT_SUFFIX: "pr2" })).to.throw(OperatorError, "--stack dev--pr1 has the suffix pr1, but --suffix or ENVIRONMENT_SUFFIX says pr2");
    });

    it("take times of hours, minutes and seconds", () => {
        expect(["90s", "45m", "1h30m", "596h"].map(parseDuration)).to.deep.equal([90_000, 2_700_000, 5_400_000, 2_145_600_000]);
    });

    it("are read from the environment where the command line leaves them open", () => {
        const environment = { FIRSTLIGHT_STACK: "dev", FIRSTLIGHT_YES: "1", FIRSTLIGHT_JSON: "-", FIRSTLIGHT_TIMEOUT: "2m", ENVIRONMENT_SUFFIX: "pr1" };
        expect(parse("up", environment)).to.include({ stack: "dev", isConfirmed: true, jsonFile: "-", timeoutMs: 120_000, suffix: "pr1" });
        expect(parse("up --stack staging --suffix pr2 --timeout 1m", environment)).to.include({ stack: "staging", suffix: "pr2", timeoutMs: 60_000 });
        expect(parse("up", { ...environment, FIRSTLIGHT_YES: "0", ENVIRONMENT_SUFFIX: "" })).to.include({ isConfirmed: false }).and.not.to.have.property("suffix");
        expect(parse("status", environment)).to.include({ isConfirmed: false });
        expect(() => parse("up", { ...environment, FIRSTLIGHT_YES: "maybe" })).to.throw(OperatorError, 'FIRSTLIGHT_YES: must be 1 or 0, got "maybe"');
    });

    it("take no name of production from the environment: only a command line confirms it", () => {
        expect(OPTIONS.find(({ name }) => name === "confirm")).to.not.have.property("variable");
    });
});

describe("what a person who mistyped may have meant", () => {
    it("is the nearest known name, and nothing when none is near", () => {
        const known = ["deploy", "destroy", "preview", "status", "up"];
        expect(["depoly", "destory", "staus", "preveiw", "uo"].map((word) => nearestName(word, known))).to.deep.equal(["deploy", "destroy", "status", "preview", "up"]);
        expect(nearestName("explode", known)).to.equal(undefined);
        expect(nearestName("", [])).to.equal(undefined);
    });
});

describe("the options of rehearse", () => {
    it("rehearse the shipped data on dev by default", () => {
        expect(parseRehearseOptions([], PROJECT)).to.deep.include({ stack: "dev", dataFile: path.join(PROJECT, "data", "customer-churn.csv"), breaks: [], keepFiles: false });
    });

    it("take columns that hold blanks, several in one list", () => {
        const { overrides } = parseRehearseOptions(["--data", "a.csv", "--label", "Machine failure", "--ignore", "UDI, Product ID"], PROJECT);
        expect(overrides).to.deep.equal({ label: "Machine failure", ignore: ["UDI", "Product ID"], task: undefined });
    });

    it("take failures in a list, once or several times, in any case", () => {
        expect(parseRehearseOptions(["--break", "f01,F03", "--break", "F10"], PROJECT).breaks).to.deep.equal(["F01", "F03", "F10"]);
        expect(parseRehearseOptions(["--break", "all"], PROJECT).breaks).to.deep.equal(["ALL"]);
    });

    it("deploy by the embedded engine unless the Pulumi CLI is asked for, on which nothing is broken on purpose", () => {
        expect(parseRehearseOptions([], PROJECT).engine).to.equal("embedded");
        expect(parseRehearseOptions(["--engine", "pulumi", "--stack", "staging"], PROJECT)).to.include({ engine: "pulumi", stack: "staging" });
        expect(() => parseRehearseOptions(["--engine", "terraform"], PROJECT)).to.throw(OperatorError, "--engine terraform");
        expect(() => parseRehearseOptions(["--engine", "pulumi", "--break", "F01"], PROJECT)).to.throw(OperatorError, "on the embedded engine only");
    });

    it("leave rules of the preflight out for a reason each, in the order of the line", () => {
        const { ruleChoice } = parseRehearseOptions(["--skip", "F07", "--because", "later", "--keep", "--skip", "F29", "--because", "no NAT here"], PROJECT);
        expect(ruleChoice.skipped).to.deep.equal([{ id: "F07", because: "later" }, { id: "F29", because: "no NAT here" }]);
        expect(() => parseRehearseOptions(["--skip", "F07"], PROJECT)).to.throw(OperatorError, "--skip F07 gives no reason");
    });

    it("refuse data without a label", () => {
        expect(() => parseRehearseOptions(["--data", "a.csv"], PROJECT)).to.throw(OperatorError, "--label");
    });
});
