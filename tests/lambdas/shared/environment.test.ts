import { expect } from "chai";
import { readEnvironment } from "../../../lambdas/shared/environment.ts";

describe("readEnvironment", () => {
    afterEach(() => {
        delete process.env["ENDPOINT_NAME"];
    });

    it("gives the values by name", () => {
        process.env["ENDPOINT_NAME"] = "e1";
        expect(readEnvironment("ENDPOINT_NAME")).to.deep.equal({ ENDPOINT_NAME: "e1" });
    });

    it("names every missing variable at once", () => {
        process.env["ENDPOINT_NAME"] = "";
        expect(() => readEnvironment("ENDPOINT_NAME", "SERVING_PARAMETER")).to.throw("lacks ENDPOINT_NAME, SERVING_PARAMETER");
    });
});
