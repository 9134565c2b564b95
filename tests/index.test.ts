import { expect } from "chai";
import declarePlatform from "../index.ts";
import { runProgram } from "./support/mocks.ts";
import type { ProgramRequest, RecordedProgram } from "./support/mocks.ts";
import { SWITCHED_ON, TEST_CHALLENGER, TEST_MODEL } from "./support/programContexts.ts";

/** Types that AWS gives no tags, or that are no resources of AWS. */
const UNTAGGABLE = new Set([
    "aws:kms/alias:Alias", "aws:iam/rolePolicy:RolePolicy", "aws:cloudwatch/eventTarget:EventTarget", "aws:lambda/permission:Permission",
    "aws:apigatewayv2/integration:Integration", "aws:apigatewayv2/route:Route", "aws:sns/topicSubscription:TopicSubscription",
    "aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketNotification:BucketNotification", "aws:s3/bucketLogging:BucketLogging", "aws:apigatewayv2/authorizer:Authorizer",
    "aws:sns/topicPolicy:TopicPolicy", "aws:cloudwatch/dashboard:Dashboard", "aws:cloudwatch/queryDefinition:QueryDefinition",
]);

const ROUTER_VARIABLES = ["AB_TESTS_TABLE", "DEFAULT_WEIGHTS", "ENDPOINT_NAMES", "ENVIRONMENT", "METRICS_NAMESPACE", "PARAMETER_PATH"];

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
        expect(outputs).to.deep.include({
            phase: "infrastructure", dataPrefix: "data/", parameterPath: "/firstlight/dev/inference", modelVersions: {},
            endpointNames: { champion: "firstlight-dev-champion", challenger: "firstlight-dev-challenger" },
        });
        expect(resources.ofType("aws:sagemaker/endpoint:Endpoint")).to.deep.equal([]);
        expect(resources.ofType("aws:sfn/stateMachine:StateMachine")).to.have.length(1);
    });

    it("declares both endpoints when the switch is on and models are approved", async () => {
        const { outputs, resources } = await run({ parameters: SWITCHED_ON });
        expect(outputs).to.deep.include({
            phase: "serving", modelVersions: { champion: TEST_MODEL.version, challenger: TEST_CHALLENGER.version },
        });
        expect(resources.ofType("aws:sagemaker/endpoint:Endpoint").map(({ inputs }) => inputs["name"])).to.have.members(Object.values(outputs.endpointNames));
    });

    it("declares the endpoint of a variant alone that alone has a model", async () => {
        const { "/firstlight/dev/inference/approved-challenger": _challenger, ...parameters } = SWITCHED_ON;
        const { outputs, resources } = await run({ parameters });
        expect(outputs).to.deep.include({ phase: "serving", modelVersions: { champion: TEST_MODEL.version } });
        expect(resources.ofType("aws:sagemaker/endpoint:Endpoint")).to.have.length(1);
    });

    it("gives every output a value, and names nothing that does not exist", async () => {
        const { outputs, resources } = await run();
        for (const [name, value] of Object.entries(outputs)) expect(value, name).not.to.be.oneOf([undefined, null, ""]);
        expect(Object.keys(outputs)).to.have.length.of.at.least(20);
        const text = JSON.stringify(resources.all.map(({ inputs }) => inputs));
        for (const [name, value] of Object.entries(outputs).filter(([key]) => /(Name|TableName)$/.test(key))) expect(text, name).to.contain(JSON.stringify(value));
    });

    it("declares more than eighty resources, each with a name of its own within its type", async () => {
        const { resources } = await run({ parameters: SWITCHED_ON });
        const own = resources.all.filter(({ type }) => !type.startsWith("firstlight:"));
        expect(own).to.have.length.above(80);
        expect(new Set(own.map(({ type, name }) => `${type} ${name}`)).size).to.equal(own.length);
    });

    it("tags every resource that takes tags, with ours and the configured ones", async () => {
        const { resources } = await run({ parameters: SWITCHED_ON, config: { "firstlight:tags": '{"Team":"churn"}' } });
        const taggable = resources.all.filter(({ type }) => type.startsWith("aws:") && !UNTAGGABLE.has(type));
        expect(taggable.length).to.be.above(60);
        for (const { name, inputs } of taggable) {
            expect(inputs["tags"], name).to.deep.equal({ Team: "churn", Project: "firstlight", Environment: "dev", ManagedBy: "Pulumi" });
        }
    });

    it("declares a network exactly when a part needs one, tags it, and says where private jobs run", async () => {
        const { outputs, resources } = await run({ config: { "firstlight:training": '{"private":true}' } });
        expect(outputs).to.deep.include({ vpcId: "id-of-network", isolatedSubnetIds: ["id-of-network-isolated-1", "id-of-network-isolated-2"] });
        expect(outputs.unreachableServices).to.include("any other service, and the internet");
        for (const { type, name, inputs } of resources.all.filter(({ type }) => /^(awsx:ec2|aws:ec2|aws:vpc)/.test(type))) {
            expect(inputs["tags"], `${type} ${name}`).to.include({ Project: "firstlight", Environment: "dev", ManagedBy: "Pulumi" });
        }
        const open = await run();
        expect(open.outputs).not.to.have.any.keys("vpcId", "isolatedSubnetIds", "unreachableServices");
        expect(open.resources.all.filter(({ type }) => /^(awsx:ec2|aws:ec2|aws:vpc)/.test(type))).to.deep.equal([]);
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
        const { outputs } = await run({ stack: "dev--PR_7" });
        expect(outputs.endpointNames.champion).to.match(/^firstlight-dev--pr-7-[0-9a-f]{6}-champion$/);
        expect(outputs.rawBucketName).to.match(/^firstlight-dev--pr-7-/);
    });

    it("refuses to put a pull request's environment into the state of another stack", async () => {
        process.env["ENVIRONMENT_SUFFIX"] = "PR_7";
        try {
            await run({ stack: "dev" }).then(() => expect.fail("it ran"), (error: Error) => {
                expect(error.message).to.contain('ENVIRONMENT_SUFFIX is "PR_7", but the stack dev is not').and.to.contain("select the stack dev--PR_7");
            });
            await run({ stack: "dev--PR_7" });
        } finally {
            delete process.env["ENVIRONMENT_SUFFIX"];
        }
    });

    it("gives each function the variables that it reads", async () => {
        const { resources } = await run();
        const variables = resources.ofType("aws:lambda/function:Function").map(({ name, inputs }) => [name, Object.keys(inputs["environment"].variables).sort()]);
        expect(Object.fromEntries(variables)).to.deep.equal({
            "select-data-function": ["DATA_PREFIX", "ENVIRONMENT", "RAW_BUCKET"],
            "validate-data-function": ["DATA_SETTINGS", "ENVIRONMENT", "PROCESSED_BUCKET"],
            "preprocess-data-function": ["DATA_SETTINGS", "ENVIRONMENT", "MODEL_SETTINGS", "PROCESSED_BUCKET"],
            "evaluate-model-function": ["ENVIRONMENT", "MODEL_SETTINGS", "PROCESSED_BUCKET"],
            "register-model-function": ["ENVIRONMENT", "METRICS_NAMESPACE", "MODEL_METADATA_TABLE", "PROCESSED_BUCKET", "TRAINING_METRICS_TABLE"],
            "approve-model-function": ["ENVIRONMENT", "MODEL_METADATA_TABLE", "PARAMETER_PATH"],
            "inference-function": ROUTER_VARIABLES,
            "models-function": ["ENVIRONMENT", "MODEL_METADATA_TABLE", "TRAINING_METRICS_TABLE"],
            "ab-tests-function": ["AB_TESTS_TABLE", "DEFAULT_WEIGHTS", "ENVIRONMENT"],
            "health-function": ["AB_TESTS_TABLE", "DEFAULT_WEIGHTS", "ENVIRONMENT", "PARAMETER_PATH"],
            "stream-consumer-function": [...ROUTER_VARIABLES, "CHECKPOINTS_TABLE", "DEAD_LETTER_QUEUE_URL", "PREDICTIONS_URL"].sort(),
        });
    });

    it("protects data in prod", async () => {
        const { resources } = await run({ stack: "prod", config: { "firstlight:alerts": '{"emails":["oncall@example.com"]}' } });
        for (const { inputs } of resources.ofType("aws:s3/bucket:Bucket")) expect(inputs["forceDestroy"]).to.equal(false);
        for (const { inputs } of resources.ofType("aws:dynamodb/table:Table")) expect(inputs["deletionProtectionEnabled"]).to.equal(true);
    });
});
