import { expect } from "chai";
import { classifyError } from "../../../automation/cloudErrors/classify.ts";
import { explainError, explainFailure } from "../../../automation/cloudErrors/explain.ts";
import { EngineError } from "../../../automation/engine/engine.ts";
import { describeError, EXIT, exitCodeOf } from "../../../automation/errorReport.ts";
import { CloudRefusal, OperatorError } from "../../../automation/errors.ts";
import { awsError } from "../../support/phaseWorld.ts";
import { recordedErrors } from "./recorded.ts";

const DENIED = "pipeline-state-machine: AccessDeniedException: 'arn:aws:iam::111122223333:role/pipeline' is not authorized to create managed-rule.";
const QUOTA = "The account-level service limit 'ml.m5.xlarge for training job usage' is 0 Instances, with current utilization of 0 Instances";
const RUN = "the training run new ended as FAILED";

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
        const message = "Your previous request to create the named bucket succeeded and you already own it.";
        const explained = explainError(awsError("BucketAlreadyOwnedByYou", message));
        expect(explained).to.be.instanceOf(OperatorError);
        expect(describeError(explained)).to.match(/^F22: /).and.to.contain("adopt --stack STACK");
        expect(exitCodeOf(explained)).to.equal(EXIT.operator);
    });

    it("puts the number, what it means and the fix around every recorded error, from the engine and from the SDK", () => {
        for (const { message, failure, kind } of recordedErrors) {
            for (const error of [new EngineError(message), awsError("UnknownError", message)]) {
                const text = describeError(explainError(error));
                expect(text, message).to.match(failure === undefined ? /^(?!F\d)/ : new RegExp(`^${failure}: `));
                expect(text.indexOf("\n  in its own words: "), message).to.be.greaterThan(10);
                expect(text, message).to.contain(message).and.to.contain("\n  fix: ").and.not.to.match(/\{action\}/);
                expect(exitCodeOf(explainError(error)), message).to.equal(kind === "operator" ? EXIT.operator : EXIT.cloud);
            }
        }
    });

    it("names the action that is denied", () => {
        const message = "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: kms:GenerateDataKey on resource: key/1";
        const explained = explainError(awsError("AccessDeniedException", message));
        expect((explained as Error).message).to.match(/^AWS does not allow kms:GenerateDataKey to the caller/);
    });

    it("names the action too when what caused the error tells it", () => {
        const error = new EngineError("it failed", { cause: new Error("is not authorized to perform: s3:PutObject on resource: x") });
        expect((explainError(error) as Error).message).to.match(/^AWS does not allow s3:PutObject /).and.to.contain("in its own words: it failed");
    });

    it("knows an explained error by the class that it was explained by", () => {
        for (const { message, class: id } of recordedErrors) {
            expect(classifyError(explainError(new EngineError(message)))?.id, message).to.equal(id);
        }
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

describe("explainFailure", () => {
    it("explains why something failed in the cloud", () => {
        const failure = explainFailure(RUN, `SageMaker.ResourceLimitExceededException: ${QUOTA}`);
        expect(failure).to.be.instanceOf(CloudRefusal);
        expect(describeError(failure)).to.match(/^F40: /).and.to.contain(`in its own words: ${RUN}: SageMaker.`)
            .and.to.contain("training.instanceType");
    });

    it("says when it is for somebody here to change", () => {
        const failure = explainFailure(RUN, "Failed to extract model data archive for container \"container_1\"");
        expect(failure).to.be.instanceOf(OperatorError);
        expect(exitCodeOf(failure)).to.equal(EXIT.operator);
    });

    it("gives the reason alone when nobody has recorded it, and knows no class by the words before it", () => {
        const failure = explainFailure("the run Throttling ended as FAILED", "label must be 0 or 1");
        expect(failure).to.be.instanceOf(CloudRefusal);
        expect(describeError(failure)).to.equal("the run Throttling ended as FAILED: label must be 0 or 1");
    });
});
