/** The surroundings that component tests give to components. */
import { expect } from "chai";
import { parseConfig } from "../../components/config.ts";
import type { PlatformConfig } from "../../components/config.ts";
import type { Location, PlatformContext } from "../../components/context.ts";
import { findPartition } from "../../components/facts/partitions.ts";
import type { DataScope } from "../../components/iam/dataScope.ts";
import { createNaming } from "../../components/naming.ts";
import type { ApprovedModel } from "../../lambdas/shared/documents.ts";
import { TEST_ACCOUNT } from "./mocks.ts";
import type { RecordedResource } from "./mocks.ts";

export const TEST_TAGS = { Project: "firstlight", Environment: "dev", ManagedBy: "Pulumi", Team: "churn" };

export function testLocation(region = "eu-central-1"): Location {
    const { partition, dnsSuffix } = findPartition(region);
    return { region, partition, dnsSuffix, accountId: TEST_ACCOUNT };
}

export function testConfig(values: Readonly<Record<string, unknown>> = {}): PlatformConfig {
    return parseConfig({ project: "firstlight", stack: "dev", values: { data: { label: "churned" }, ...values } });
}

export function testContext(overrides: Partial<PlatformContext> = {}): PlatformContext {
    const location = overrides.location ?? testLocation();
    return { location, naming: createNaming(testConfig(), location), tags: TEST_TAGS, logRetentionDays: 14, destroyData: true, ...overrides };
}

/** Names in place of ARNs, so that a test's expectation can be read. */
export function testDataScope(overrides: Partial<DataScope> = {}): DataScope {
    return {
        location: testLocation(), rawBucketArn: "arn:raw", processedBucketArn: "arn:processed", modelsBucketArn: "arn:models",
        modelMetadataTableArn: "arn:model-metadata", trainingMetricsTableArn: "arn:training-metrics", abTestsTableArn: "arn:ab-tests",
        streamCheckpointsTableArn: "arn:stream-checkpoints", s3KeyArn: "arn:s3-key", dynamodbKeyArn: "arn:dynamodb-key", kinesisKeyArn: "arn:kinesis-key",
        parameterPath: "/firstlight/dev/inference", dataPrefix: "data/", ...overrides,
    };
}

export const TEST_MODEL: ApprovedModel = {
    modelId: "binary:churned",
    version: "20261121T103355Z-0123456789ab",
    modelDataUrl: "s3://models/training/job/output/model.tar.gz",
    schemaUrl: "s3://models/training/job/schema.json",
    goldenUrl: "s3://models/training/job/golden.json",
    trainingJobName: "job",
    trainingImage: "492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:3.0-5",
};

/** The other variant's. */
export const TEST_CHALLENGER: ApprovedModel = { ...TEST_MODEL, version: `${TEST_MODEL.version}-challenger`, modelDataUrl: "s3://models/training/job-b/output/model.tar.gz" };

/** What lies in the parameter store of the stack `dev` when both endpoints are to be there. */
export const SWITCHED_ON: Readonly<Record<string, string>> = {
    "/firstlight/dev/inference/switch": "on",
    "/firstlight/dev/inference/approved-champion": JSON.stringify(TEST_MODEL),
    "/firstlight/dev/inference/approved-challenger": JSON.stringify(TEST_CHALLENGER),
};

/** Says by name which resource lacks a tag. */
export function expectTags(...resources: readonly RecordedResource[]): void {
    for (const { name, inputs } of resources) expect(inputs["tags"], `tags of ${name}`).to.deep.equal(TEST_TAGS);
}

/** The statements of a policy given as text. */
export function statementsOf(policy: string): readonly PolicyStatement[] {
    return (JSON.parse(policy) as { Statement: PolicyStatement[] }).Statement;
}

/** A statement as it stands in a policy's text. */
export interface PolicyStatement {
    readonly Sid: string;
    readonly Effect: string;
    readonly Action: readonly string[];
    readonly Resource?: readonly string[];
    readonly Principal?: unknown;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** All actions that a policy allows, sorted. */
export function allowedActions(policy: string): readonly string[] {
    return statementsOf(policy).filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action).sort();
}
