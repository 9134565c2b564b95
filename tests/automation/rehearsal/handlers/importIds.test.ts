import { expect } from "chai";
import { associationId, eventRuleId, eventTargetId, parentAndOwn, permissionId, routeImportId } from "../../../../automation/rehearsal/handlers/importIds.ts";

describe("ids of imports", () => {
    it("name the parent beside the id that the state keeps", () => {
        expect(parentAndOwn("apiId")("api1/route1")).to.deep.equal({ id: "route1", inputs: { apiId: "api1" } });
        expect(parentAndOwn("apiId")("api1/$default")).to.deep.equal({ id: "$default", inputs: { apiId: "api1" } });
        expect(permissionId("reader/statement-1")).to.deep.equal({ id: "statement-1", inputs: { function: "reader" } });
        expect(permissionId("reader:live/statement-1")).to.deep.equal({ id: "statement-1", inputs: { function: "reader", qualifier: "live" } });
    });

    it("leave the default bus out, and keep another", () => {
        expect(eventRuleId("default/nightly")).to.deep.equal({ id: "nightly", inputs: {} });
        expect(eventRuleId("nightly")).to.deep.equal({ id: "nightly", inputs: {} });
        expect(eventRuleId("own/nightly")).to.deep.equal({ id: "own/nightly", inputs: { eventBusName: "own" } });
        expect(eventTargetId("default/nightly/training")).to.deep.equal({ id: "nightly-training", inputs: { rule: "nightly" } });
        expect(eventTargetId("nightly/training")).to.deep.equal({ id: "nightly-training", inputs: { rule: "nightly" } });
        expect(eventTargetId("own/nightly/training")?.inputs).to.deep.equal({ rule: "nightly", eventBusName: "own" });
    });

    it("say what a route and an association are of", () => {
        expect(associationId("subnet-1/rtb-2")?.inputs).to.deep.equal({ subnetId: "subnet-1", routeTableId: "rtb-2" });
        expect(routeImportId("rtb-2_0.0.0.0/0")?.inputs).to.deep.equal({ routeTableId: "rtb-2", destinationCidrBlock: "0.0.0.0/0" });
    });

    it("are told from ids of the state", () => {
        expect([parentAndOwn("apiId")("route1"), permissionId("statement-1"), eventTargetId("nightly"), associationId("rtbassoc-1"), routeImportId("r-rtb-2123")])
            .to.deep.equal([undefined, undefined, undefined, undefined, undefined]);
    });
});
