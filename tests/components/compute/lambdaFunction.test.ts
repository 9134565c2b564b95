import { expect } from "chai";
import { LambdaFunction } from "../../../components/compute/lambdaFunction.ts";
import { runProgram } from "../../support/mocks.ts";
import { allowedActions, expectTags, statementsOf, testContext } from "../../support/programContexts.ts";

async function createFunction() {
    return runProgram(() => void new LambdaFunction("health", {
        context: testContext(),
        description: "Says that all is well",
        bundle: { path: ".firstlight/bundles/health.zip", hash: "hash-of-zip" },
        timeoutSeconds: 10,
        memoryMiB: 256,
        environment: { EXTRA: "x" },
        statements: [{ sid: "Extra", actions: ["ssm:GetParameter"], resources: ["arn:parameter"] }],
        kmsKeyArn: "arn:key",
    }));
}

describe("LambdaFunction", () => {
    it("runs the bundle that was built, and notices another one", async () => {
        const { inputs } = (await createFunction()).resources.named("health-function");
        expect(inputs).to.deep.include({
            name: "firstlight-dev-health", runtime: "nodejs24.x", handler: "index.handler", timeout: 10, memorySize: 256, sourceCodeHash: "hash-of-zip",
        });
        expect(JSON.stringify(inputs["code"])).to.contain(".firstlight/bundles/health.zip");
        expect(inputs["environment"]).to.deep.equal({ variables: { ENVIRONMENT: "dev", EXTRA: "x" } });
    });

    it("encrypts environment and log, and keeps the log as long as configured", async () => {
        const { resources } = await createFunction();
        expect(resources.named("health-function").inputs["kmsKeyArn"]).to.equal("arn:key");
        expect(resources.named("health-logs").inputs).to.deep.include({ name: "/aws/lambda/firstlight-dev-health", kmsKeyId: "arn:key", retentionInDays: 14 });
    });

    it("waits for its log group and its policy", async () => {
        const { resources } = await createFunction();
        expect(resources.named("health-function").explicitDependencies).to.have.members(["health-logs", "health-policy"]);
    });

    it("may write its own log, read its own environment, and what was asked for", async () => {
        const { policy } = (await createFunction()).resources.named("health-policy").inputs;
        expect(allowedActions(policy)).to.deep.equal(["kms:Decrypt", "logs:CreateLogStream", "logs:PutLogEvents", "ssm:GetParameter"]);
        const [logs] = statementsOf(policy);
        expect(logs?.Resource).to.deep.equal(["arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/firstlight-dev-health:*"]);
    });

    it("lets Lambda alone take its role", async () => {
        const { inputs } = (await createFunction()).resources.named("health-role");
        expect(inputs["name"]).to.equal("firstlight-dev-health-eu-central-1");
        expect(inputs["forceDetachPolicies"], "a policy attached by hand would stop destroy").to.equal(true);
        expect(statementsOf(inputs["assumeRolePolicy"])).to.deep.equal([{
            Sid: "ServiceTakesRole", Effect: "Allow", Principal: { Service: ["lambda.amazonaws.com"] }, Action: ["sts:AssumeRole"],
        }]);
    });

    it("carries the tags on function, role and log group", async () => {
        const { resources } = await createFunction();
        expectTags(...["health-function", "health-role", "health-logs"].map((name) => resources.named(name)));
    });
});
