import { expect } from "chai";
import { sagemakerArn } from "../../../components/iam/arns.ts";
import {
    evaluateModelPermissions, preprocessDataPermissions, registerModelPermissions, validateDataPermissions,
} from "../../../components/iam/functionPermissions.ts";
import { stateMachinePermissions, triggerPermissions } from "../../../components/iam/pipelinePermissions.ts";
import { buildPolicy } from "../../../components/iam/policy.ts";
import type { Statement } from "../../../components/iam/policy.ts";
import { servingPermissions, trainingPermissions } from "../../../components/iam/sagemakerPermissions.ts";
import { allowedActions, testDataScope, testLocation } from "../../support/programContexts.ts";

const location = testLocation();
const dataScope = testDataScope();
const jobScope = { ...dataScope, volumeKeyArn: "arn:volume-key" };
const pipeline = stateMachinePermissions({
    location, jobPrefix: "firstlight-dev", functionArns: ["arn:one"], trainingRoleArn: "arn:role", pipelineLeasesTableArn: "arn:leases",
    alertTopicArn: "arn:topic", dynamodbKeyArn: "arn:dynamodb-key", alertKeyArn: "arn:alert-key",
});
const sets: Readonly<Record<string, readonly Statement[]>> = {
    pipeline,
    trigger: triggerPermissions("arn:machine"),
    training: trainingPermissions(jobScope),
    serving: servingPermissions(jobScope),
    validateData: validateDataPermissions(dataScope),
    preprocessData: preprocessDataPermissions(dataScope),
    evaluateModel: evaluateModelPermissions(dataScope),
    registerModel: registerModelPermissions(dataScope),
};

/** `action on resource`, for the actions of one service. */
function grants(statements: readonly Statement[], service: string): readonly string[] {
    return statements.flatMap(({ actions, resources = [] }) => actions.filter((action) => action.startsWith(`${service}:`))
        .flatMap((action) => resources.map((resource) => `${action} on ${resource}`))).sort();
}

describe("permission sets", () => {
    it("give no service as a whole, and no resource as a whole but where AWS knows none", () => {
        const wide = Object.entries(sets).flatMap(([name, statements]) => statements.filter(({ resources }) => resources?.includes("*")).map(({ sid }) => `${name} ${sid}`));
        expect(wide).to.have.members([
            "pipeline ListTags", "pipeline DeliverLogs", "training EnterRegistry", "training PutMetrics", "serving EnterRegistry", "serving PutMetrics",
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

    it("let the state machine run jobs, tag them, hear of them, and pass one role to one service", () => {
        expect(grants(pipeline, "sagemaker")).to.deep.equal([
            "sagemaker:AddTags on arn:aws:sagemaker:eu-central-1:123456789012:model/firstlight-dev-*",
            "sagemaker:AddTags on arn:aws:sagemaker:eu-central-1:123456789012:training-job/firstlight-dev-*",
            "sagemaker:AddTags on arn:aws:sagemaker:eu-central-1:123456789012:transform-job/firstlight-dev-*",
            "sagemaker:CreateModel on arn:aws:sagemaker:eu-central-1:123456789012:model/firstlight-dev-*",
            "sagemaker:CreateTrainingJob on arn:aws:sagemaker:eu-central-1:123456789012:training-job/firstlight-dev-*",
            "sagemaker:CreateTransformJob on arn:aws:sagemaker:eu-central-1:123456789012:transform-job/firstlight-dev-*",
            "sagemaker:DeleteModel on arn:aws:sagemaker:eu-central-1:123456789012:model/firstlight-dev-*",
            "sagemaker:DescribeTrainingJob on arn:aws:sagemaker:eu-central-1:123456789012:training-job/firstlight-dev-*",
            "sagemaker:DescribeTransformJob on arn:aws:sagemaker:eu-central-1:123456789012:transform-job/firstlight-dev-*",
            "sagemaker:ListTags on *",
            "sagemaker:StopTrainingJob on arn:aws:sagemaker:eu-central-1:123456789012:training-job/firstlight-dev-*",
            "sagemaker:StopTransformJob on arn:aws:sagemaker:eu-central-1:123456789012:transform-job/firstlight-dev-*",
        ]);
        expect(grants(pipeline, "events")).to.have.length(6);
        expect(grants(pipeline, "lambda")).to.deep.equal(["lambda:InvokeFunction on arn:one", "lambda:InvokeFunction on arn:one:*"]);
        const pass = pipeline.find(({ actions }) => actions.includes("iam:PassRole"));
        expect(pass).to.deep.include({ resources: ["arn:role"], conditions: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } } });
        expect(grants(pipeline, "logs")).to.have.length(8);
        expect(grants(pipeline, "dynamodb")).to.deep.equal(["dynamodb:PutItem on arn:leases"]);
        expect(grants(pipeline, "sns")).to.deep.equal(["sns:Publish on arn:topic"]);
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

    it("let the registration read what is approved before it overwrites it", () => {
        expect(grants(sets["registerModel"]!, "ssm")).to.deep.equal(["ssm:GetParameter", "ssm:PutParameter"]
            .map((action) => `${action} on arn:aws:ssm:eu-central-1:123456789012:parameter/firstlight/dev/inference/approved`));
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
        for (const name of ["pipeline", "registerModel"]) expect(grants(sets[name]!, "kms")).to.include("kms:Decrypt on arn:dynamodb-key");
    });

    it("name endpoints in lower case, as SageMaker writes them into ARNs", () => {
        expect(sagemakerArn(location, "endpoint", "Firstlight-Endpoint")).to.equal("arn:aws:sagemaker:eu-central-1:123456789012:endpoint/firstlight-endpoint");
    });
});
