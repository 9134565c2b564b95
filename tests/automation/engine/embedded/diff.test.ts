import { expect } from "chai";
import { diffInputs, findRule } from "../../../../automation/engine/embedded/diff.ts";
import { formatPropertyPath } from "../../../../automation/engine/embedded/propertyPath.ts";
import { FileReference, UNKNOWN } from "../../../../automation/engine/provider.ts";
import type { PropertyMap } from "../../../../automation/engine/provider.ts";
import { THING } from "../../../support/embeddedMemoryProvider.ts";

function diff(oldInputs: PropertyMap, newInputs: PropertyMap, replaceOnChanges: readonly string[] = []) {
    const { changed, replacing } = diffInputs({ oldInputs, newInputs, table: THING, replaceOnChanges });
    return { changed: changed.map(formatPropertyPath), replacing: replacing.map(formatPropertyPath) };
}

describe("diffInputs", () => {
    it("finds nothing between equal inputs, whatever their order", () => {
        expect(diff({ value: "x", nested: { inner: 1, fixed: 2 } }, { nested: { fixed: 2, inner: 1 }, value: "x" })).to.deep.equal({ changed: [], replacing: [] });
    });

    it("names the leaves that changed, came or went, and those that replace", () => {
        expect(diff({ value: "x", nested: { inner: 1, fixed: 1 }, tags: { a: "1" } }, { value: "x", nested: { inner: 2, fixed: 2 } }))
            .to.deep.equal({ changed: ["nested.inner", "nested.fixed", "tags.a"], replacing: ["nested.fixed"] });
        expect(diff({}, { size: 1 })).to.deep.equal({ changed: ["size"], replacing: ["size"] });
        expect(diff({ rules: [{ name: "a" }] }, { rules: [{ name: "a" }, { name: "b" }] }).changed).to.deep.equal(["rules[1].name"]);
    });

    it("takes an unknown value for a change", () => {
        expect(diff({ size: 1 }, { size: UNKNOWN }).replacing).to.deep.equal(["size"]);
    });

    it("compares files by content", () => {
        const file = (name: string, hash: string) => ({ source: new FileReference("asset", name, hash) });
        expect(diff(file("/a", "1"), file("/b", "1")).changed).to.deep.equal([]);
        expect(diff(file("/a", "1"), file("/a", "2")).changed).to.deep.equal(["source"]);
    });

    it("replaces below a path of replaceOnChanges", () => {
        expect(diff({ tags: { a: "1", b: "1" } }, { tags: { a: "2", b: "2" } }, ["tags.a"]).replacing).to.deep.equal(["tags.a"]);
        expect(diff({ value: "x" }, { value: "y" }, ["*"]).replacing).to.deep.equal(["value"]);
    });

    it("looks up a rule by the leaf, without indices, or by a free property above it", () => {
        expect(findRule(THING, ["rules", 3, "name"])?.effect).to.equal("applied");
        expect(findRule(THING, ["tags", "any", "thing"])?.free).to.equal(true);
        expect(findRule(THING, ["value", "below"])).to.equal(undefined);
        expect(findRule(THING, ["colour"])).to.equal(undefined);
    });
});
