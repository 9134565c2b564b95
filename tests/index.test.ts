import { expect } from "chai";
import declarePlatform from "../index.ts";
import { runProgram } from "./support/mocks.ts";
import type { ProgramRequest, RecordedProgram } from "./support/mocks.ts";
import { SWITCHED_ON, TEST_MODEL } from "./support/programContexts.ts";

/** Types that AWS gives no tags, or that are no resources of AWS. */
const UNTAGGABLE = new Set([
    "aws:kms/alias:Alias", "aws:iam/rolePolicy:RolePolicy", "aws:cloudwatch/eventTarget:EventTarget", "aws:lambda/permission:Permission",
    "aws:apigatewayv2/integration:Integration", "aws:apigatewayv2/route:Route", "aws:sns/topicSubscription:TopicSubscription",
    "aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketNotification:BucketNotification",
]);

const run = (request?: ProgramRequest) => runProgram(declarePlatform, request);

function arnsIn(resources: RecordedProgram): readonly string[] {
    const text = JSON.stringify(resources.all.map(({ inputs }) => inputs)).replaceAll("\\", "");
    return [...new Set(text.match(/arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:[0-9]*:[^"\s,]*/g) ?? [])];
}

describe("index.ts", function () {
    // The first run bundles the functions.
    this.timeout(30_000);

    it("declares no endpoint before there is a model, and says so", async () => {
        const { outputs, resources } = await run();
        expect(outputs).to.include({ phase: "infrastructure", dataPrefix: "data/", parameterPath: "/firstlight/dev/inference", endpointName: "firstlight-dev-endpoint" });
        expect(outputs).not.to.have.any.keys("endpointArn", "modelVersion");
        expect(resources.ofType("aws:sagemaker/endpoint:Endpoint")).to.deep.equal([]);
        expect(resources.ofType("aws:sfn/stateMachine:StateMachine")).to.have.length(1);
    });

    it("declares the endpoint when the switch is on and a model is approved", async () => {
        const { outputs, resources } = await run({ parameters: SWITCHED_ON });
        expect(outputs).to.include({
            phase: "serving",
            modelVersion: TEST_MODEL.version,
            endpointArn: "arn:aws:sagemaker:eu-central-1:123456789012:endpoint/firstlight-dev-endpoint",
        });
        expect(resources.ofType("aws:sagemaker/endpoint:Endpoint")).to.have.length(1);
    });

    it("tags every resource that takes tags, with ours and the configured ones", async () => {
        const { resources } = await run({ parameters: SWITCHED_ON, config: { "firstlight:tags": '{"Team":"churn"}' } });
        const taggable = resources.all.filter(({ type }) => type.startsWith("aws:") && !UNTAGGABLE.has(type));
        expect(taggable.length).to.be.above(40);
        for (const { name, inputs } of taggable) {
            expect(inputs["tags"], name).to.deep.equal({ Team: "churn", Project: "firstlight", Environment: "dev", ManagedBy: "Pulumi" });
        }
    });

    for (const [region, partition, dnsSuffix] of [
        ["us-east-1", "aws", "amazonaws.com"],
        ["eu-central-1", "aws", "amazonaws.com"],
        ["cn-north-1", "aws-cn", "amazonaws.com.cn"],
        ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
    ] as const) {
        it(`writes every ARN and host for ${region}`, async () => {
            const { resources } = await run({ region, partition, dnsSuffix, parameters: SWITCHED_ON });
            const arns = arnsIn(resources);
            expect(arns.length).to.be.above(60);
            for (const arn of arns) {
                const [, arnPartition, , arnRegion] = arn.split(":");
                expect(arnPartition, arn).to.equal(partition);
                expect(["", region], arn).to.include(arnRegion);
            }
            const definition: string = resources.named("pipeline-state-machine").inputs["definition"];
            expect(definition).to.contain(`.dkr.ecr.${region}.${dnsSuffix}/sagemaker-xgboost:3.0-5`);
        });
    }

    it("puts a pull request's environment beside the stack's own, under other names", async () => {
        process.env["ENVIRONMENT_SUFFIX"] = "PR_7";
        try {
            const { outputs } = await run();
            expect(outputs.endpointNames).to.match(/^firstlight-dev--pr-7-[0-9a-f]{6}-endpoint$/);
            expect(outputs.rawBucketName).to.match(/^firstlight-dev--pr-7-/);
        } finally {
            delete process.env["ENVIRONMENT_SUFFIX"];
        }
    });

    it("gives each function the variables that it reads", async () => {
        const { resources } = await run();
        const variables = resources.ofType("aws:lambda/function:Function").map(({ name, inputs }) => [name, Object.keys(inputs["environment"].variables).sort()]);
        expect(Object.fromEntries(variables)).to.deep.equal({
            "validate-data-function": ["DATA_SETTINGS", "ENVIRONMENT", "PROCESSED_BUCKET"],
            "preprocess-data-function": ["DATA_SETTINGS", "ENVIRONMENT", "MODEL_SETTINGS", "PROCESSED_BUCKET"],
            "evaluate-model-function": ["ENVIRONMENT", "MODEL_SETTINGS", "PROCESSED_BUCKET"],
            "register-model-function": ["APPROVED_PARAMETER", "ENVIRONMENT", "MODEL_METADATA_TABLE", "PROCESSED_BUCKET"],
            "inference-function": ["ENDPOINT_NAME", "ENVIRONMENT", "SERVING_PARAMETER"],
            "health-function": ["ENVIRONMENT", "SERVING_PARAMETER"],
        });
    });

    it("protects data in prod", async () => {
        const { resources } = await run({ stack: "prod" });
        for (const { inputs } of resources.ofType("aws:s3/bucket:Bucket")) expect(inputs["forceDestroy"]).to.equal(false);
        for (const { inputs } of resources.ofType("aws:dynamodb/table:Table")) expect(inputs["deletionProtectionEnabled"]).to.equal(true);
    });
});
