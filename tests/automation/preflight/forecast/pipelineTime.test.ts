import { expect } from "chai";
import { forecastRun } from "../../../../automation/preflight/forecast/pipelineTime.ts";

const CALL = "arn:aws:states:::lambda:invoke";
const JOB = "arn:aws:states:::sagemaker:createTrainingJob.sync";

function run(states: Readonly<Record<string, object>>, variants = 2) {
    return forecastRun(JSON.stringify({ StartAt: Object.keys(states)[0], States: states }), variants);
}

/** Training 150/240/600, then a call 1/3/60. */
const TRAIN = { StartAt: "TrainModel", States: { TrainModel: { Type: "Task", Resource: JOB, Next: "Evaluate" }, Evaluate: { Type: "Task", Resource: CALL, End: true } } };

describe("the time of a run of the pipeline", () => {
    it("is the sum of its jobs and calls; a Pass takes none and counts as entered", () => {
        const found = run({ Begin: { Type: "Pass", Next: "Validate" }, Validate: { Type: "Task", Resource: CALL, Next: "TrainModel" }, TrainModel: { Type: "Task", Resource: JOB, End: true } });
        expect(found?.seconds).to.deep.equal({ min: 151, typical: 243, max: 660 });
        expect(found?.steps.map(({ state, isJob }) => [state, isJob])).to.deep.equal([["Validate", false], ["TrainModel", true]]);
        expect(found?.transitions).to.equal(3);
    });

    it("counts a Map once when its elements go side by side, and each when they go one by one", () => {
        const map = (bound: object) => run({ TrainVariants: { Type: "Map", ItemProcessor: TRAIN, End: true, ...bound } });
        expect(map({})?.seconds).to.deep.equal({ min: 151, typical: 243, max: 660 });
        expect(map({ MaxConcurrency: 0 })?.seconds.typical).to.equal(243);
        expect(map({ MaxConcurrency: 1 })?.seconds).to.deep.equal({ min: 302, typical: 486, max: 1320 });
        expect(map({})?.steps.map(({ state }) => state)).to.deep.equal(["TrainVariants: TrainModel", "TrainVariants: Evaluate"]);
        // The Map, and two states for each of two variants.
        expect(map({})?.transitions).to.equal(5);
    });

    it("takes the longest of parallel branches", () => {
        const short = { StartAt: "Tell", States: { Tell: { Type: "Task", Resource: CALL, End: true } } };
        expect(run({ Both: { Type: "Parallel", Branches: [short, TRAIN], End: true } })?.seconds.typical).to.equal(243);
    });

    it("follows the route that does all the work, without a pause that it can do without, and no failure", () => {
        const found = run({
            Choose: { Type: "Choice", Choices: [{ Next: "Done" }, { Next: "Broken" }], Default: "WaitForTurn" },
            WaitForTurn: { Type: "Wait", Seconds: 60, Next: "TrainModel" },
            Broken: { Type: "Fail" },
            Done: { Type: "Choice", Choices: [{ Next: "TrainModel" }, { Next: "Choose" }], Default: "Nothing" },
            TrainModel: { Type: "Task", Resource: JOB, Catch: [{ ErrorEquals: ["States.ALL"], Next: "Broken" }], Next: "Nothing" },
            Nothing: { Type: "Succeed" },
        });
        expect(found?.steps.map(({ state }) => state)).to.deep.equal(["TrainModel"]);
        expect(found?.transitions).to.equal(4);
    });

    it("is not known for a definition that cannot succeed", () => {
        expect(run({ Loop: { Type: "Pass", Next: "Loop" } })).to.equal(undefined);
        expect(run({ Broken: { Type: "Fail" } })).to.equal(undefined);
    });
});
