import { expect } from "chai";
import { countNeeds, createComponentFinder } from "../../../../automation/report/html/components.ts";
import { readRecordedRehearsal } from "../../../support/recordedRehearsal.ts";

describe("components in the report", () => {
    it("are the outermost ones, whatever lies between", () => {
        const { resources } = readRecordedRehearsal("dev");
        const componentOf = createComponentFinder(resources);
        const found = new Map(resources.map(({ urn, name }) => [name, componentOf(urn)]));
        expect([found.get("raw-versioning"), found.get("ab-tests-table"), found.get("champion-endpoint")]).to.deep.equal(["storage", "tables", "serving"]);
        expect(new Set(found.values())).to.not.include("raw");
    });

    it("of what is in no state any more are told by its URN", () => {
        const componentOf = createComponentFinder([]);
        expect(componentOf("urn:pulumi:dev::firstlight::firstlight:data:Storage$firstlight:data:DataBucket$aws:s3/bucket:Bucket::raw")).to.equal("Storage");
        expect(componentOf("urn:pulumi:dev::firstlight::aws:s3/bucket:Bucket::raw")).to.equal("stack");
        expect(componentOf("nonsense")).to.equal("stack");
    });

    it("need each other as often as their resources do, and never themselves", () => {
        const custom = (name: string, parent: string, ...dependencies: readonly string[]) => ({ urn: name, type: "aws:s3/bucket:Bucket", name, custom: true, parent, dependencies });
        const component = (name: string) => ({ urn: name, type: "firstlight:data:Storage", name, custom: false, dependencies: [] });
        const resources = [component("a"), component("b"), custom("a1", "a"), custom("a2", "a", "a1"), custom("b1", "b", "a1", "a2"), custom("b2", "b", "a1")];
        expect(countNeeds(resources)).to.deep.equal([{ from: "b", to: "a", count: 3 }]);
    });
});
