import { expect } from "chai";
import { fillAutoName } from "../../../../automation/engine/embedded/autoName.ts";
import type { ResourceRecord } from "../../../../automation/engine/embedded/state.ts";
import { NAMED, THING } from "../../../support/embeddedMemoryProvider.ts";

const URN = "urn:pulumi:s::p::memory:index/named:Named::bucket";

describe("fillAutoName", () => {
    const old = (autoNamed: boolean) => ({ inputs: { name: "bucket-0123456" }, autoNamed }) as unknown as ResourceRecord;

    it("makes a name with seven hexadecimal digits, another one each time", () => {
        const names = [1, 2].map(() => fillAutoName(URN, {}, { table: NAMED, old: undefined }).inputs["name"]);
        expect(names[0]).to.match(/^bucket-[0-9a-f]{7}$/);
        expect(names[0]).not.to.equal(names[1]);
    });

    it("keeps the name that it made before, and not one that the program gave before", () => {
        expect(fillAutoName(URN, {}, { table: NAMED, old: old(true) })).to.deep.equal({ inputs: { name: "bucket-0123456" }, autoNamed: true });
        expect(fillAutoName(URN, {}, { table: NAMED, old: old(false) }).inputs["name"]).not.to.equal("bucket-0123456");
    });

    it("leaves a given name, and types without names, alone", () => {
        expect(fillAutoName(URN, { name: "mine" }, { table: NAMED, old: old(true) })).to.deep.equal({ inputs: { name: "mine" }, autoNamed: false });
        expect(fillAutoName(URN, {}, { table: THING, old: undefined })).to.deep.equal({ inputs: {}, autoNamed: false });
    });

    it("refuses a name that would be too long", () => {
        expect(() => fillAutoName(`${URN}${"x".repeat(40)}`, {}, { table: NAMED, old: undefined })).to.throw("at most 40 are allowed");
    });
});
