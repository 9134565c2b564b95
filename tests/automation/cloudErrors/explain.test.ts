import { expect } from "chai";
import { classifyError } from "../../../automation/cloudErrors/classify.ts";
import { explainError } from "../../../automation/cloudErrors/explain.ts";
import { EngineError } from "../../../automation/engine/engine.ts";
import { CloudRefusal, describeError, EXIT, exitCodeOf, OperatorError } from "../../../automation/errors.ts";
import { awsError } from "../../support/phaseWorld.ts";

const DENIED = "pipeline-state-machine: AccessDeniedException: 'arn:aws:iam::111122223333:role/pipeline' is not authorized to create managed-rule.";

describe("explainError", () => {
    it("says what a denied managed rule means, its number, and who can allow it, beside AWS's own words", () => {
        const error = new EngineError(DENIED);
        const explained = explainError(error);
        expect(explained).to.be.instanceOf(CloudRefusal);
        expect(describeError(explained)).to.match(/^F69: /).and.to.contain("service control policy").and.to.contain(DENIED).and.to.contain("\n  fix: ")
            .and.to.contain("StepFunctionsGetEventsForSageMaker");
        expect((explained as CloudRefusal).cause).to.equal(error);
        expect(exitCodeOf(explained)).to.equal(EXIT.cloud);
    });

    it("explains errors of the AWS SDK as it explains those of the engine", () => {
        const explained = explainError(awsError("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it."));
        expect(explained).to.be.instanceOf(OperatorError);
        expect(describeError(explained)).to.match(/^F22: /);
        expect(exitCodeOf(explained)).to.equal(EXIT.operator);
    });

    it("looks at what caused an error too", () => {
        expect(classifyError(new EngineError("it failed", { cause: new Error(DENIED) }))?.id).to.equal("managed-rules-denied");
    });

    it("leaves words that nobody has recorded as they are, and errors that say already what to do", () => {
        for (const error of [new EngineError("Teapot: no"), new Error(DENIED), new OperatorError(DENIED, "change it"), "text"]) {
            expect(explainError(error)).to.equal(error);
        }
    });
});
