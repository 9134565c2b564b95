import path from "node:path";
import { expect } from "chai";
import { OperatorError } from "../../automation/errors.ts";
import { parseDriverOptions } from "../../automation/options.ts";
import type { DriverOptions } from "../../automation/options.ts";
import { parseRehearseOptions } from "../../automation/rehearseOptions.ts";

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
        expect(options).not.to.have.any.keys("jsonFile", "suffix", "timeoutMs", "confirmedStack", "argument");
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

    it("refuse data without a label", () => {
        expect(() => parseRehearseOptions(["--data", "a.csv"], PROJECT)).to.throw(OperatorError, "--label");
    });
});
