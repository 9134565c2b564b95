/** Settings of a state machine, for tests that read its definition. */
import { openStates } from "../../automation/preflight/planReading/definitions.ts";
import { buildPipelineDefinition } from "../../components/inference/pipelineDefinition.ts";
import type { PipelineSettings } from "../../components/inference/pipelineSettings.ts";
import { TEST_TAGS, testConfig, testLocation } from "./programContexts.ts";

export function testPipelineSettings(overrides: Partial<PipelineSettings> = {}): PipelineSettings {
    return {
        location: testLocation(),
        jobPrefix: "firstlight-dev",
        functions: {
            selectData: "arn:select", validateData: "arn:validate", preprocessData: "arn:preprocess", evaluateModel: "arn:evaluate",
            registerModel: "arn:register", approveModel: "arn:approve",
        },
        pipelineLeasesTableName: "leases",
        abTestsTableName: "ab-tests",
        alertTopicArn: "arn:topic",
        trainingRoleArn: "arn:training-role",
        servingRoleArn: "arn:serving-role",
        trainingImage: "image:3.0-5",
        modelsBucketName: "models",
        s3KeyArn: "arn:s3-key",
        volumeKeyArn: "arn:volume-key",
        training: testConfig().training,
        parameterPath: "/firstlight/dev/inference",
        endpointNames: { champion: "firstlight-dev-champion", challenger: "firstlight-dev-challenger" },
        tags: TEST_TAGS,
        ...overrides,
    };
}

/** All states by name, those of Maps too. */
export function buildAllStates(overrides?: Partial<PipelineSettings>): Readonly<Record<string, any>> {
    const definition = { ...buildPipelineDefinition(testPipelineSettings(overrides)) };
    return Object.fromEntries(openStates(definition).map(({ name, fields }) => [name, fields]));
}
