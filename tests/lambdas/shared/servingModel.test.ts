import { expect } from "chai";
import { parseServingModel } from "../../../lambdas/shared/servingModel.ts";

describe("parseServingModel", () => {
    it("takes none and an absent value for nothing", () => {
        expect(parseServingModel("none")).to.equal(undefined);
        expect(parseServingModel(undefined)).to.equal(undefined);
    });

    it("reads an approved model", () => {
        expect(parseServingModel('{"version":"v1","schemaUrl":"s3://b/k"}')).to.deep.equal({ version: "v1", schemaUrl: "s3://b/k" });
    });

    it("refuses anything else", () => {
        expect(() => parseServingModel("{}")).to.throw("holds no approved model");
        expect(() => parseServingModel("on")).to.throw(SyntaxError);
    });
});
