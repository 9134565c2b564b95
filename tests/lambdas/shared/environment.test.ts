import { expect } from "chai";
import { readEnvironment } from "../../../lambdas/shared/environment.ts";

describe("readEnvironment", () => {
    afterEach(() => {
        delete process.env["AB_TESTS_TABLE"];
    });

    it("gives the values by name", () => {
        process.env["AB_TESTS_TABLE"] = "e1";
        expect(readEnvironment("AB_TESTS_TABLE")).to.deep.equal({ AB_TESTS_TABLE: "e1" });
    });

    it("names every missing variable at once", () => {
        process.env["AB_TESTS_TABLE"] = "";
        expect(() => readEnvironment("AB_TESTS_TABLE", "PARAMETER_PATH")).to.throw("lacks AB_TESTS_TABLE, PARAMETER_PATH");
    });
});
