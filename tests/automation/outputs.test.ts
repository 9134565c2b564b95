import { expect } from "chai";
import { readParameters } from "../../automation/outputs.ts";
import { createPhaseWorld } from "../support/phaseWorld.ts";

describe("the parameters of a path", () => {
    it("are those of all pages, also after an empty one", async () => {
        const pages = [
            { Parameters: [{ Name: "/a/switch", Value: "on" }], NextToken: "1" }, { Parameters: [], NextToken: "2" },
            { Parameters: [{ Name: "/a/approved-champion", Value: "{}" }] },
        ];
        const { context } = createPhaseWorld({ GetParametersByPathCommand: ({ NextToken }: { NextToken?: string }) => pages[Number(NextToken ?? 0)] });
        expect(await readParameters(context.aws, "/a")).to.deep.equal({ "/a/switch": "on", "/a/approved-champion": "{}" });
    });
});
