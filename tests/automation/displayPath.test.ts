import { expect } from "chai";
import { displayPath } from "../../automation/displayPath.ts";

describe("displayPath", () => {
    it("is relative below the folder", () => {
        expect(displayPath("/project/data/table.csv", "/project")).to.equal("data/table.csv");
    });

    it("is absolute elsewhere", () => {
        expect(displayPath("/other/table.csv", "/project")).to.equal("/other/table.csv");
        expect(displayPath("/project", "/project")).to.equal("/project");
    });
});
