import { expect } from "chai";
import { findModelsToServe } from "../../../components/inference/approvedModel.ts";
import { TEST_CHALLENGER, TEST_MODEL } from "../../support/programContexts.ts";

const PATH = "/firstlight/dev/inference";
const champion = JSON.stringify(TEST_MODEL);
const challenger = JSON.stringify(TEST_CHALLENGER);

function find(endpoints: "auto" | "on" | "off", values: { switch?: string; champion?: string; challenger?: string }) {
    const parts = { switch: "switch", champion: "approved-champion", challenger: "approved-challenger" } as const;
    const found = Object.entries(values).map(([key, value]) => [`${PATH}/${parts[key as keyof typeof parts]}`, value] as const);
    return findModelsToServe({ endpoints, parameterPath: PATH, parameters: new Map(found) });
}

describe("findModelsToServe", () => {
    it("follows the switch in auto, and the configuration otherwise", () => {
        const both = { champion: TEST_MODEL, challenger: TEST_CHALLENGER };
        expect(find("auto", { switch: "on", champion, challenger })).to.deep.equal(both);
        expect(find("on", { switch: "off", champion, challenger })).to.deep.equal(both);
        for (const off of ["off", "none"]) expect(find("auto", { switch: off, champion, challenger })).to.deep.equal({});
        expect(find("off", { switch: "on", champion, challenger })).to.deep.equal({});
    });

    it("serves each variant that has a model, with or without the other", () => {
        expect(find("on", { champion, challenger: "none" })).to.deep.equal({ champion: TEST_MODEL });
        expect(find("on", { champion: "none", challenger })).to.deep.equal({ challenger: TEST_CHALLENGER });
    });

    it("serves nothing when there is nothing, whatever the switch says", () => {
        expect(find("on", {})).to.deep.equal({});
        expect(find("on", { switch: "on", champion: "none", challenger: "none" })).to.deep.equal({});
    });

    it("refuses a parameter that holds no model, naming parameter and field", () => {
        for (const broken of ["{", "[]", "null", JSON.stringify({ ...TEST_MODEL, modelDataUrl: "" })]) {
            for (const variant of ["champion", "challenger"]) {
                expect(() => find("on", { champion, challenger, [variant]: broken }), variant)
                    .to.throw(new RegExp(`inference/approved-${variant} must hold an approved model.*modelDataUrl.*fix: `));
            }
        }
    });

    it("does not look at what is not to be served: a broken parameter keeps nobody from switching off", () => {
        expect(find("auto", { switch: "off", champion: "{" })).to.deep.equal({});
    });
});
