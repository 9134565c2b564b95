import { expect } from "chai";
import { findInputProblems, findOutputProblems } from "../../../../automation/engine/embedded/inputCheck.ts";
import { FileReference, UNKNOWN } from "../../../../automation/engine/provider.ts";
import { THING } from "../../../support/embeddedMemoryProvider.ts";

describe("findInputProblems", () => {
    it("accepts what the table has, and anything below free properties", () => {
        const inputs = { value: "x", nested: { inner: 1 }, rules: [{ name: "a" }], tags: { a: { b: 1 } }, source: new FileReference("asset", "/a", "1") };
        expect(findInputProblems(THING, inputs)).to.deep.equal([]);
        expect(findInputProblems(THING, { nested: UNKNOWN, rules: [], tags: {} })).to.deep.equal([]);
    });

    it("names each property that the table lacks", () => {
        const problems = findInputProblems(THING, { colour: "red", nested: { other: 1 }, rules: [{ size: 1 }] });
        expect(problems.map((problem) => problem.split(":")[0])).to.deep.equal(["colour", "nested.other", "rules[0].size"]);
    });

    it("refuses texts that were made by mistake, without showing them", () => {
        const problems = findInputProblems(THING, { value: "secret-undefined/x", tags: { a: "[object Object]" }, password: "undefinedness" });
        expect(problems).to.have.length(2);
        expect(problems[0]).to.match(/^value contains the text "undefined"/).and.not.include("secret-");
        expect(problems[1]).to.match(/^tags.a contains "\[object Object\]"/);
    });
});

describe("findOutputProblems", () => {
    it("names outputs that the table lacks", () => {
        expect(findOutputProblems(THING, { arn: "x", other: 1 })).to.have.length(1);
        expect(findOutputProblems(THING, { arn: "x" })).to.deep.equal([]);
    });
});
