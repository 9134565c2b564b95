import { expect } from "chai";
import { formatPropertyPath, parsePropertyPath, pathContains } from "../../../../automation/engine/embedded/propertyPath.ts";

describe("property paths", () => {
    it("are read with names, indices, quotes and wildcards", () => {
        expect(parsePropertyPath("a.b[0].c")).to.deep.equal(["a", "b", 0, "c"]);
        expect(parsePropertyPath(`tags["a.b"]["say \\"x\\""]`)).to.deep.equal(["tags", "a.b", `say "x"`]);
        expect(parsePropertyPath("rules[*].*")).to.deep.equal(["rules", "*", "*"]);
        expect(parsePropertyPath("*")).to.deep.equal(["*"]);
    });

    it("are refused when they are none", () => {
        for (const text of ["a[", "a[x]", "a..b"]) expect(() => parsePropertyPath(text), text).to.throw("is not a property path");
    });

    it("are written as they are read", () => {
        expect(formatPropertyPath(["a", "b", 0, "c"])).to.equal("a.b[0].c");
    });

    it("contain what lies below them", () => {
        expect(pathContains(["a", "*"], ["a", 0, "b"])).to.equal(true);
        expect(pathContains(["a", "b"], ["a"])).to.equal(false);
        expect(pathContains(["*"], ["x"])).to.equal(true);
        expect(pathContains(["a", 1], ["a", 0])).to.equal(false);
    });
});
