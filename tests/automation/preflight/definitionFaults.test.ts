import { expect } from "chai";
import { findDefinitionFaults } from "../../../automation/preflight/planReading/definitionFaults.ts";
import { buildPipelineDefinition } from "../../../components/inference/pipelineDefinition.ts";
import type { PipelineSettings } from "../../../components/inference/pipelineSettings.ts";
import type { State, StateMachineDefinition, States } from "../../../components/inference/states.ts";
import { testPipelineSettings } from "../../support/pipelineSettings.ts";
import { testConfig, testLocation } from "../../support/programContexts.ts";

const NETWORK = { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };

function faultsOf(overrides: Partial<PipelineSettings>): readonly unknown[] {
    return findDefinitionFaults(JSON.stringify(buildPipelineDefinition(testPipelineSettings(overrides))));
}

/** The definition with one state changed, or taken away, wherever it is. */
function withState(name: string, change: (state: State) => object | undefined): StateMachineDefinition {
    const definition = buildPipelineDefinition(testPipelineSettings());
    const alter = (states: States): States => Object.fromEntries(Object.entries(states).flatMap(([key, state]): [string, State][] => {
        if (key === name) {
            const changed = change(state) as State | undefined;
            return changed === undefined ? [] : [[key, changed]];
        }
        const { ItemProcessor } = state;
        return [[key, ItemProcessor === undefined ? state : { ...state, ItemProcessor: { ...ItemProcessor, States: alter(ItemProcessor.States) } }]];
    }));
    return { ...definition, States: alter(definition.States) };
}

describe("findDefinitionFaults", () => {
    describe("finds none in the program's own definition", () => {
        for (const region of ["us-east-1", "eu-central-1", "ap-northeast-1", "cn-north-1", "us-gov-west-1"]) {
            it(`in ${region}`, () => {
                expect(faultsOf({ location: testLocation(region) })).to.deep.equal([]);
            });
        }

        it("with spot machines in a network", () => {
            expect(faultsOf({ training: testConfig({ training: { spot: true } }).training, network: NETWORK })).to.deep.equal([]);
        });

        it("before the ids and ARNs are known", () => {
            const { functions } = testPipelineSettings();
            const unknown = { ...functions, selectData: "<arn of select-data>" };
            expect(faultsOf({ functions: unknown, alertTopicArn: "<arn of alerts>", s3KeyArn: "<arn of keys-s3>" })).to.deep.equal([]);
        });
    });

    const broken: readonly (readonly [string, StateMachineDefinition, string])[] = [
        ["a state that is missing", withState("PreprocessData", () => undefined), "goes to PreprocessData, which is no state"],
        ["a state that is missing in a Map", withState("RegisterModel", () => undefined), "goes to RegisterModel, which is no state"],
        ["a task without a catch", withState("ValidateData", ({ Catch: _, ...state }) => state), "ValidateData does not catch everything"],
        ["a Map without a catch", withState("DeployModel", ({ Catch: _, ...state }) => state), "DeployModel does not catch everything"],
        ["a task without a timeout", withState("EvaluateModel", ({ TimeoutSeconds: _, ...state }) => state), "EvaluateModel has no timeout"],
        ["a choice without a default", withState("CheckMetrics", ({ Default: _, ...state }) => state), "CheckMetrics has no default"],
        ["a state nobody goes to", withState("ValidateData", (state) => ({ ...state, Next: "TrainVariants" })), "PreprocessData is never reached"],
        ["a way out of a Map", withState("RegisterModel", (state) => ({ ...state, Next: "Succeeded" })), "RegisterModel goes to Succeeded, which is no state"],
        ["a loop that nothing counts", withState("CountUpdateWait", ({ Parameters: _, ...state }) => state), "nothing counts the rounds of the loop WaitForUpdate"],
        ["a wait for no time", withState("WaitForRouters", (state) => ({ ...state, Seconds: 0 })), "WaitForRouters waits for no time"],
        ["a field of the other language", withState("ReadChampion", (state) => ({ ...state, ResultPath: null })), "ReadChampion has ResultPath, which is not of its language"],
        ["a text where a path must be", withState("GiveUpTurn", (state) => ({ ...state, Parameters: { "Cause.$": "'late'" } })), "neither a path nor a function"],
        ["an expression that cannot be read", withState("ClassifyEvent", (state) => ({ ...state, Output: "{% $merge([$states.input, ) %}" })), "ClassifyEvent.Output is not as the language wants it"],
        ["a path that cannot be read", withState("TrainModel", (state) => ({ ...state, ResultPath: "$.job[" })), "TrainModel.ResultPath is not as the language wants it"],
    ];
    for (const [title, definition, fault] of broken) {
        it(`finds ${title}`, () => {
            const faults = findDefinitionFaults(JSON.stringify(definition)).map(({ what }) => what);
            expect(faults.join("\n")).to.contain(fault);
        });
    }

    it("lets a Map that catches everything catch for the tasks in it", () => {
        expect(findDefinitionFaults(JSON.stringify(withState("TrainModel", ({ Catch: _, ...state }) => state)))).to.deep.equal([]);
    });

    it("says of a definition that is read twice the same", () => {
        const definition = JSON.stringify(withState("TrainModel", (state) => ({ ...state, ResultPath: "$.job[" })));
        expect(findDefinitionFaults(definition)).to.have.length.greaterThan(0).and.to.deep.equal(findDefinitionFaults(definition));
    });

    it("warns of what fails badly, and refuses the rest", () => {
        const [unguarded, lost] = [withState("ValidateData", ({ Catch: _, ...state }) => state), withState("Succeeded", () => undefined)];
        expect(findDefinitionFaults(JSON.stringify(unguarded)).map(({ severity }) => severity)).to.include("warning");
        expect(findDefinitionFaults(JSON.stringify(lost)).map(({ severity }) => severity)).not.to.include("warning");
    });
});
