import { expect } from "chai";
import { asAsked, fromSdkShape, inAskedOrder, sameDocument, toSdkShape } from "../../../../automation/rehearsal/handlers/documents.ts";

const policy = (statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: statement });

describe("sameDocument", () => {
    it("takes order of keys, order of actions and lists of one for form", () => {
        expect(sameDocument(policy([{ Effect: "Allow", Action: ["a", "b"] }]), policy({ Action: ["b", "a"], Effect: "Allow" }))).to.equal(true);
    });

    it("sees another action, another effect and a missing statement", () => {
        const asked = policy([{ Effect: "Allow", Action: ["a", "b"] }]);
        expect(sameDocument(asked, policy([{ Effect: "Allow", Action: ["a"] }]))).to.equal(false);
        expect(sameDocument(asked, policy([{ Effect: "Deny", Action: ["a", "b"] }]))).to.equal(false);
        expect(sameDocument(asked, policy([]))).to.equal(false);
    });

    it("compares what is no JSON as text", () => {
        expect(sameDocument("{a", "{b")).to.equal(false);
    });

    it("shows the cloud's document only where it says something else", () => {
        expect(asAsked("{ \"a\": 1 }", "{\"a\":1}")).to.equal("{ \"a\": 1 }");
        expect(asAsked("{\"a\":1}", "{\"a\":2}")).to.equal("{\"a\":2}");
    });
});

describe("inAskedOrder", () => {
    it("reorders the same texts and nothing else", () => {
        expect(inAskedOrder(["b", "a"], ["a", "b"])).to.deep.equal(["b", "a"]);
        expect(inAskedOrder(["b", "a"], ["a", "c"])).to.deep.equal(["a", "c"]);
        expect(inAskedOrder(["a", "a"], ["a", "b"])).to.deep.equal(["a", "b"]);
    });
});

describe("SDK shapes", () => {
    it("go there and back", () => {
        const value = { maxAge: 1, allowOrigins: ["a"], nested: { deepKey: true } };
        expect(toSdkShape<object>(value)).to.deep.equal({ MaxAge: 1, AllowOrigins: ["a"], Nested: { DeepKey: true } });
        expect(fromSdkShape(toSdkShape<object>(value))).to.deep.equal(value);
    });
});
