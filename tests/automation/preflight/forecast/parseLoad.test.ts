import { expect } from "chai";
import { parseDriverOptions } from "../../../../automation/driver/options.ts";
import { OperatorError } from "../../../../automation/errors.ts";
import { parseLoad } from "../../../../automation/preflight/forecast/parseLoad.ts";

describe("a load on the command line", () => {
    it("is numbers by name, of which any may be left out", () => {
        expect(parseLoad("requests=1000000,rows=5e6, gb=2.5 ,runs=8")).to.deep.equal({ requests: 1_000_000, rows: 5_000_000, trainedGb: 2.5, retrainRuns: 8 });
        expect(parseLoad("gb=0")).to.deep.equal({ trainedGb: 0 });
    });

    it("is refused with what may stand there", () => {
        for (const wrong of ["", "requests", "requests=", "requests=-1", "users=5", "requests=1.2.3", "constructor=1"]) {
            expect(() => parseLoad(wrong), wrong).to.throw(OperatorError, "--load").with.property("fix").that.contains("requests=NUMBER,rows=NUMBER,gb=NUMBER,runs=NUMBER");
        }
    });

    it("and a file imply the forecast, which is for the preflight alone", () => {
        const place = { projectFolder: "/project", environment: { INIT_CWD: "/somewhere" } };
        const optionsOf = (...words: readonly string[]) => parseDriverOptions(["preflight", "--stack", "dev", ...words], place).forecast;
        expect(optionsOf()).to.equal(undefined);
        expect(optionsOf("--forecast")).to.deep.equal({ load: {} });
        expect(optionsOf("--load", "runs=1")).to.deep.equal({ load: { retrainRuns: 1 } });
        expect(optionsOf("--forecast-file", "f.json")).to.deep.equal({ load: {}, file: "/somewhere/f.json" });
        expect(() => parseDriverOptions(["up", "--stack", "dev", "--forecast"], place)).to.throw(OperatorError);
    });
});
