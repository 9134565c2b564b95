import { expect } from "chai";
import { findMismatches } from "../../../../automation/engine/embedded/readBack.ts";
import { FileReference } from "../../../../automation/engine/provider.ts";
import type { PropertyMap } from "../../../../automation/engine/provider.ts";
import { THING } from "../../../support/embeddedMemoryProvider.ts";

describe("findMismatches", () => {
    const properties = (asked: PropertyMap, observed: PropertyMap) => findMismatches(THING, asked, observed).map(({ property }) => property);

    it("finds nothing when the cloud has what was asked, and more", () => {
        expect(properties({ value: "x", nested: { inner: 1 } }, { value: "x", size: 3, nested: { inner: 1, fixed: 2 } })).to.deep.equal([]);
    });

    it("names what differs, what is missing, and what was added to a list", () => {
        expect(findMismatches(THING, { value: "x" }, { value: "y" })).to.deep.equal([{ property: "value", path: ["value"], asked: "x", observed: "y" }]);
        expect(properties({ nested: { inner: 1 } }, {})).to.deep.equal(["nested.inner"]);
        expect(properties({ list: ["a"] }, { list: ["a", "b"] })).to.deep.equal(["list"]);
        expect(properties({ list: ["a", "b"] }, { list: ["b", "a"] })).to.deep.equal(["list[0]", "list[1]"]);
    });

    it("compares applied properties only", () => {
        expect(properties({ rules: [{ name: "a", count: 1 }] }, { rules: [{ name: "a", count: 9 }] })).to.deep.equal([]);
    });

    it("compares documents by what they say, and files by their hash", () => {
        expect(properties({ document: `{"a": 1, "b": [2]}` }, { document: `{"b":[2],"a":1}` })).to.deep.equal([]);
        expect(properties({ document: `{"a":1}` }, { document: `{"a":2}` })).to.deep.equal(["document"]);
        expect(properties({ source: new FileReference("asset", "/a", "1") }, { source: new FileReference("asset", "/b", "2") })).to.deep.equal(["source"]);
    });

    it("takes an empty container for an absent one", () => {
        expect(properties({ tags: {} }, {})).to.deep.equal([]);
        expect(properties({ tags: {} }, { tags: { a: "1" } })).to.deep.equal(["tags"]);
    });
});
