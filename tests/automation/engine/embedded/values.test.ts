import { expect } from "chai";
import { ResourceReference, Secret, containsUnknown, reveal, secretTexts, withoutSecrets } from "../../../../automation/engine/embedded/values.ts";
import { Masker } from "../../../../automation/engine/embedded/mask.ts";
import { UNKNOWN } from "../../../../automation/engine/provider.ts";

describe("values of the engine", () => {
    it("are revealed for handlers: no marks, no absent properties, ids for references", () => {
        expect(reveal({ a: new Secret({ b: "x" }), c: null, list: [null], r: new ResourceReference("urn", "id"), g: new ResourceReference("urn:g") }))
            .to.deep.equal({ a: { b: "x" }, list: [null], r: "id", g: "urn:g" });
    });

    it("are shown without the properties that hold secrets", () => {
        expect(withoutSecrets({ a: new Secret("x"), b: { c: [new Secret("y")] }, d: 1 })).to.deep.equal({ d: 1 });
    });

    it("tell whether something inside is unknown, and which texts are secret", () => {
        expect(containsUnknown({ a: [new Secret(UNKNOWN)] })).to.equal(true);
        expect(containsUnknown({ a: [new Secret("x")] })).to.equal(false);
        expect(secretTexts({ a: new Secret(["one", { b: "two" }]), c: "three" })).to.deep.equal(["one", "two"]);
    });
});

describe("Masker", () => {
    it("replaces every secret, the longest first, also as JSON writes it", () => {
        const masker = new Masker();
        masker.add(["pass", "password", "with \"quotes\"", "abc"]);
        expect(masker.mask(`my password and pass, ${JSON.stringify("with \"quotes\"")}, abc`)).to.equal("my [secret] and [secret], \"[secret]\", abc");
    });
});
