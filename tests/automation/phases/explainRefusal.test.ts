import { expect } from "chai";
import { EngineError } from "../../../automation/engine/engine.ts";
import { CloudRefusal, describeError, EXIT, exitCodeOf } from "../../../automation/errors.ts";
import { explainRefusal } from "../../../automation/phases/explainRefusal.ts";

const DENIED = "pipeline-state-machine: AccessDeniedException: 'arn:aws:iam::111122223333:role/pipeline' is not authorized to create managed-rule.";

describe("explainRefusal", () => {
    it("says what a denied managed rule means, and who can allow it, beside AWS's own words", () => {
        const error = new EngineError(DENIED);
        const explained = explainRefusal(error);
        expect(explained).to.be.instanceOf(CloudRefusal);
        expect(describeError(explained)).to.contain("service control policy").and.to.contain(DENIED).and.to.contain("\n  fix: ")
            .and.to.contain("StepFunctionsGetEventsForSageMaker");
        expect((explained as CloudRefusal).cause).to.equal(error);
        expect(exitCodeOf(explained)).to.equal(EXIT.cloud);
    });

    it("explains a log that the state machine may not deliver", () => {
        expect(describeError(explainRefusal(new EngineError("The state machine IAM Role is not authorized to access the Log Destination")))).to.contain("log");
    });

    it("leaves every other error as it is", () => {
        for (const error of [new EngineError("AccessDenied: no"), new Error(DENIED), "text"]) expect(explainRefusal(error)).to.equal(error);
    });
});
