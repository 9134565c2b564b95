import path from "node:path";
import { expect } from "chai";
import { OperatorError } from "../../automation/errors.ts";
import { parseDeployOptions, refuseEmulator } from "../../automation/options.ts";
import { parseRehearseOptions } from "../../automation/rehearseOptions.ts";

const PROJECT = "/project";

describe("the options of deploy", () => {
    it("need a stack, and take the shipped data when none is named", () => {
        expect(() => parseDeployOptions([], PROJECT)).to.throw(OperatorError, "--stack is missing");
        const options = parseDeployOptions(["--stack", "dev", "--from", "train", "--yes"], PROJECT);
        expect(options).to.include({ stack: "dev", from: "train", isConfirmed: true, allowEmulator: false, dataFile: path.join(PROJECT, "data", "customer-churn.csv") });
        expect(options).not.to.have.property("jsonFile");
    });

    it("show the help without a stack", () => {
        expect(parseDeployOptions(["--help"], PROJECT).help).to.equal(true);
    });

    it("refuse what they do not know, and words that belong to no option", () => {
        expect(() => parseDeployOptions(["--stack", "dev", "--form", "up"], PROJECT)).to.throw(OperatorError, "--form");
        expect(() => parseDeployOptions(["dev"], PROJECT)).to.throw(OperatorError, "dev");
        expect(() => parseDeployOptions(["--stack"], PROJECT)).to.throw(OperatorError, "--stack");
    });

    it("refuse an environment that sends calls elsewhere, and no other", () => {
        expect(() => refuseEmulator({ AWS_ENDPOINT_URL_S3: "http://localhost:4566" })).to.throw(OperatorError, "AWS_ENDPOINT_URL_S3");
        expect(() => refuseEmulator({ AWS_ENDPOINT_URL: "http://localhost:4566" })).to.throw(OperatorError, "AWS_ENDPOINT_URL");
        expect(() => refuseEmulator({ AWS_ENDPOINT_URL: "", AWS_REGION: "eu-central-1" })).not.to.throw();
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
