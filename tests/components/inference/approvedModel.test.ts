import { expect } from "chai";
import { findModelToServe } from "../../../components/inference/approvedModel.ts";
import { TEST_MODEL } from "../../support/programContexts.ts";

const PATH = "/firstlight/dev/inference";

function find(endpoints: "auto" | "on" | "off", values: { switch?: string; approved?: string }) {
    const parameters = new Map(Object.entries(values).map(([part, value]) => [`${PATH}/${part}`, value]));
    return findModelToServe({ endpoints, parameterPath: PATH, parameters });
}

describe("findModelToServe", () => {
    const approved = JSON.stringify(TEST_MODEL);

    it("follows the switch in auto, and the configuration otherwise", () => {
        expect(find("auto", { switch: "on", approved })).to.deep.equal(TEST_MODEL);
        expect(find("on", { switch: "off", approved })).to.deep.equal(TEST_MODEL);
        for (const off of ["off", "none"]) expect(find("auto", { switch: off, approved })).to.equal(undefined);
        expect(find("off", { switch: "on", approved })).to.equal(undefined);
    });

    it("serves nothing when there is nothing, whatever the switch says", () => {
        expect(find("on", {})).to.equal(undefined);
        expect(find("on", { switch: "on", approved: "none" })).to.equal(undefined);
    });

    it("refuses a parameter that holds no model, naming parameter and field", () => {
        for (const broken of ["{", "[]", "null", JSON.stringify({ ...TEST_MODEL, modelDataUrl: "" })]) {
            expect(() => find("on", { approved: broken })).to.throw(/inference\/approved must hold an approved model.*modelDataUrl.*fix: /);
        }
    });
});
