import { expect } from "chai";
import { isContinuousIntegration } from "../../automation/continuousIntegration.ts";

describe("a CI service", () => {
    it("is known by CI, and by a variable of its own where it does not set that", () => {
        for (const name of ["CI", "CODEBUILD_BUILD_ARN", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION"]) {
            expect(isContinuousIntegration({ [name]: "true" }), name).to.equal(true);
            expect(isContinuousIntegration({ [name]: "" }), name).to.equal(false);
        }
        expect(isContinuousIntegration({})).to.equal(false);
    });

    it("is none when CI says so, whatever else is set", () => {
        for (const said of ["false", "0"]) expect(isContinuousIntegration({ CI: said, JENKINS_URL: "https://ci.example.com" })).to.equal(false);
    });
});
