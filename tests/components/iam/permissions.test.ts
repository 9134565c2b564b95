import { expect } from "chai";
import { sagemakerArn } from "../../../components/iam/arns.ts";
import {
    approveModelPermissions, evaluateModelPermissions, preprocessDataPermissions, registerModelPermissions, selectDataPermissions,
    validateDataPermissions,
} from "../../../components/iam/functionPermissions.ts";
import { stateMachinePermissions, triggerPermissions } from "../../../components/iam/pipelinePermissions.ts";
import { buildPolicy } from "../../../components/iam/policy.ts";
import type { Statement } from "../../../components/iam/policy.ts";
import { servingPermissions, trainingPermissions } from "../../../components/iam/sagemakerPermissions.ts";
import { TURN_ID } from "../../../components/inference/pipelineTurn.ts";
import { AB_TEST_ID } from "../../../lambdas/shared/documents.ts";
import { allowedActions, testDataScope, testLocation } from "../../support/programContexts.ts";

const location = testLocation();
const dataScope = testDataScope();
const jobScope = { ...dataScope, volumeKeyArn: "arn:volume-key" };
const pipeline = stateMachinePermissions({
    location, jobPrefix: "firstlight-dev", stateMachineName: "firstlight-dev-training", parameterPath: "/firstlight/dev/inference",
    endpointNames: { champion: "Firstlight-Champion", challenger: "Firstlight-Challenger" },
    functionArns: ["arn:one"], trainingRoleArn: "arn:role", servingRoleArn: "arn:serving-role", pipelineLeasesTableArn: "arn:leases",
    abTestsTableArn: "arn:ab-tests", alertTopicArn: "arn:topic", dynamodbKeyArn: "arn:dynamodb-key", alertKeyArn: "arn:alert-key",
});
const sets: Readonly<Record<string, readonly Statement[]>> = {
    pipeline,
    trigger: triggerPermissions("arn:machine"),
    training: trainingPermissions(jobScope),
    privateTraining: trainingPermissions({ ...jobScope, network: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] } }),
    serving: servingPermissions({ ...jobScope, endpointNames: { champion: "firstlight-dev-champion", challenger: "firstlight-dev-challenger" } }),
    selectData: selectDataPermissions(dataScope),
    validateData: validateDataPermissions(dataScope),
    preprocessData: preprocessDataPermissions(dataScope),
    evaluateModel: evaluateModelPermissions(dataScope),
    registerModel: registerModelPermissions(dataScope),
    approveModel: approveModelPermissions(dataScope),
};

/** `action on resource`, for the actions of one service. */
function grants(statements: readonly Statement[], service: string): readonly string[] {
    return statements.flatMap(({ actions, resources = [] }) => actions.filter((action) => action.startsWith(`${service}:`))
        .flatMap((action) => resources.map((resource) => `${action} on ${resource}`))).sort();
}

describe("permission sets", () => {
    it("let an endpoint write its own logs, and those of no other endpoint in the account", () => {
        const groups = ["champion", "challenger"].map((variant) => `:log-group:/aws/sagemaker/Endpoints/firstlight-dev-${variant}`);
        const resources = sets["serving"]!.find(({ sid }) => sid === "WriteLogs")?.resources ?? [];
        expect(resources.map((resource) => resource.slice(resource.indexOf(":log-group:")))).to.have.members(groups.flatMap((group) => [group, `${group}:*`]));
    });

    it("give no service as a whole, and no resource as a whole but where AWS knows none", () => {
        const wide = Object.entries(sets).flatMap(([name, statements]) => statements.filter(({ resources }) => resources?.includes("*")).map(({ sid }) => `${name} ${sid}`));
        expect(wide).to.have.members([
            "pipeline ListTags", "pipeline DeliverLogs", "training EnterRegistry", "training PutMetrics", "serving EnterRegistry", "serving PutMetrics",
            "privateTraining EnterRegistry", "privateTraining PutMetrics", "privateTraining LookAtNetwork",
        ]);
        for (const statements of Object.values(sets)) for (const { actions } of statements) for (const action of actions) expect(action).not.to.match(/(^|:)\*/);
    });

    it("have statements with different names within each policy, as IAM wants them", () => {
        for (const [name, statements] of Object.entries(sets)) {
            const ids = statements.map(({ sid }) => sid);
            expect(new Set(ids).size, name).to.equal(ids.length);
            for (const id of ids) expect(id, name).to.match(/^[A-Za-z0-9]+$/);
        }
    });

    it("fit into a role: ten thousand characters for all inline policies", () => {
        for (const [name, statements] of Object.entries(sets)) expect(buildPolicy(statements).length, name).to.be.below(10_240);
    });

    it("let the state machine run jobs, tag them, hear of them, and pass two roles to one service", () => {
        const ofRuns = (kind: string): readonly string[] => ["a", "b"].map((letter) => `arn:aws:sagemaker:eu-central-1:123456789012:${kind}/firstlight-dev-????????????-${letter}-*`);
        const on = (kind: string, ...actions: readonly string[]): readonly string[] => actions.flatMap((action) => ofRuns(kind).map((arn) => `sagemaker:${action} on ${arn}`));
        const endpoint = (name: string): string => `arn:aws:sagemaker:eu-central-1:123456789012:endpoint/firstlight-${name}`;
        expect(grants(pipeline, "sagemaker")).to.have.members([
            ...on("training-job", "AddTags", "CreateTrainingJob", "DescribeTrainingJob", "StopTrainingJob"),
            ...on("transform-job", "AddTags", "CreateTransformJob", "DescribeTransformJob", "StopTransformJob"),
            ...on("model", "AddTags", "CreateModel", "DeleteModel"),
            ...on("endpoint-config", "AddTags", "CreateEndpointConfig"),
            ...["DescribeEndpoint", "UpdateEndpoint"].flatMap((action) => ["champion", "challenger"].map((variant) => `sagemaker:${action} on ${endpoint(variant)}`)),
            "sagemaker:UpdateEndpoint on arn:aws:sagemaker:eu-central-1:123456789012:endpoint-config/firstlight-dev-*",
            "sagemaker:ListTags on *",
        ]);
        expect(grants(pipeline, "events")).to.have.length(6);
        expect(grants(pipeline, "lambda")).to.deep.equal(["lambda:InvokeFunction on arn:one", "lambda:InvokeFunction on arn:one:*"]);
        const pass = pipeline.find(({ actions }) => actions.includes("iam:PassRole"));
        expect(pass).to.deep.include({ resources: ["arn:role", "arn:serving-role"], conditions: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } } });
        expect(grants(pipeline, "logs")).to.have.length(8);
        expect(grants(pipeline, "sns")).to.deep.equal(["sns:Publish on arn:topic"]);
    });

    it("let the state machine read the turn alone of all leases, and change our A/B test alone", () => {
        expect(grants(pipeline, "dynamodb")).to.have.members([
            "dynamodb:PutItem on arn:leases", "dynamodb:GetItem on arn:leases", "dynamodb:DeleteItem on arn:leases", "dynamodb:UpdateItem on arn:ab-tests",
        ]);
        const keysOf = (action: string): unknown => pipeline.find(({ actions }) => actions.includes(action))?.conditions;
        expect(keysOf("dynamodb:DeleteItem")).to.deep.equal({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [TURN_ID] } });
        expect(keysOf("dynamodb:UpdateItem")).to.deep.equal({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [AB_TEST_ID] } });
        expect(grants(pipeline, "states")).to.deep.equal(["states:DescribeExecution on arn:aws:states:eu-central-1:123456789012:execution:firstlight-dev-training:*"]);
    });

    it("keep the state machine of one stack from what belongs to a stack whose name begins alike", () => {
        const [pattern] = pipeline.find(({ sid }) => sid === "RunTraining")!.resources!;
        const matches = (name: string): boolean => new RegExp(`^${pattern!.split("/")[1]!.replaceAll("?", ".").replaceAll("*", ".*")}$`).test(name);
        expect(matches("firstlight-dev-0123456789ab-a-0-0")).to.equal(true);
        for (const stack of ["dev-a", "dev-pr1", "dev-feature"]) expect(matches(`firstlight-${stack}-0123456789ab-a-0-0`), stack).to.equal(false);
    });

    it("let each step read what the step before wrote, and write its own", () => {
        const written = (name: string): readonly string[] => grants(sets[name]!, "s3").filter((grant) => grant.startsWith("s3:PutObject"));
        const read = (name: string): readonly string[] => grants(sets[name]!, "s3").filter((grant) => grant.startsWith("s3:GetObject "));
        expect(read("validateData")).to.deep.equal(["s3:GetObject on arn:raw/data/*"]);
        expect(read("preprocessData")).to.deep.equal(["s3:GetObject on arn:processed/runs/*", "s3:GetObject on arn:raw/data/*"]);
        expect(read("training")).to.deep.equal(["s3:GetObject on arn:models/training/*", "s3:GetObject on arn:processed/runs/*"]);
        expect(written("training")).to.deep.equal(["s3:PutObject on arn:models/training/*", "s3:PutObject on arn:processed/runs/*/transform/*"]);
        expect(read("evaluateModel")).to.deep.equal(["s3:GetObject on arn:processed/runs/*"]);
        expect(written("registerModel")).to.deep.equal(["s3:PutObject on arn:models/training/*"]);
        expect(read("serving")).to.deep.equal(["s3:GetObject on arn:models/training/*"]);
        expect(written("serving")).to.deep.equal([]);
    });

    it("let one function alone say which model is approved and served", () => {
        const parameters = ["champion", "challenger"].flatMap((variant) => ["approved", "serving"].map((kind) => `${kind}-${variant}`));
        expect(grants(sets["approveModel"]!, "ssm")).to.have.members(["ssm:GetParameter", "ssm:PutParameter"].flatMap((action) => (
            parameters.map((name) => `${action} on arn:aws:ssm:eu-central-1:123456789012:parameter/firstlight/dev/inference/${name}`))));
        for (const [name, statements] of Object.entries(sets)) if (name !== "approveModel") expect(grants(statements, "ssm").join(), name).not.to.contain("PutParameter");
    });

    it("let the selection list the data and read none of them", () => {
        expect(sets["selectData"]).to.deep.equal([{
            sid: "ListData", actions: ["s3:ListBucketVersions"], resources: ["arn:raw"], conditions: { StringEquals: { "s3:prefix": "data/" } },
        }]);
    });

    it("give whoever touches encrypted things the key, through that service alone", () => {
        for (const name of ["validateData", "preprocessData", "evaluateModel", "registerModel", "training", "serving"]) {
            const key = sets[name]?.find(({ resources }) => resources?.includes("arn:s3-key"));
            expect(key?.actions, name).to.include("kms:Decrypt");
            expect(key?.conditions, name).to.deep.equal({ StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } });
        }
        for (const writer of ["validateData", "preprocessData", "evaluateModel", "registerModel", "training"]) {
            expect(allowedActions(buildPolicy(sets[writer]!)), writer).to.include("kms:GenerateDataKey*");
        }
        expect(grants(sets["training"]!, "kms")).to.include("kms:CreateGrant on arn:volume-key");
        const grant = sets["training"]!.find(({ actions }) => actions.includes("kms:CreateGrant"));
        expect(grant?.conditions, "grants for AWS services alone").to.deep.equal({ Bool: { "kms:GrantIsForAWSResource": "true" } });
        for (const name of ["pipeline", "registerModel", "approveModel"]) expect(grants(sets[name]!, "kms")).to.include("kms:Decrypt on arn:dynamodb-key");
    });

    it("name endpoints in lower case, as SageMaker writes them into ARNs", () => {
        expect(sagemakerArn(location, "endpoint", "Firstlight-Endpoint")).to.equal("arn:aws:sagemaker:eu-central-1:123456789012:endpoint/firstlight-endpoint");
    });
});
