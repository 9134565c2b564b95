import { expect } from "chai";
import { buildPolicy } from "../../../components/iam/policy.ts";
import type { Statement } from "../../../components/iam/policy.ts";
import {
    abTestsPermissions, consumerPermissions, healthPermissions, inferencePermissions, modelsPermissions,
} from "../../../components/iam/servingPermissions.ts";
import { allowedActions, testDataScope } from "../../support/programContexts.ts";

const scope = {
    ...testDataScope(),
    endpointNames: { champion: "Firstlight-Champion", challenger: "Firstlight-Challenger" },
    streamArn: "arn:stream",
    deadLetterQueueArn: "arn:queue",
};
const sets: Readonly<Record<string, readonly Statement[]>> = {
    inference: inferencePermissions(scope),
    consumer: consumerPermissions(scope),
    models: modelsPermissions(scope),
    abTests: abTestsPermissions(scope),
    health: healthPermissions(scope),
};

describe("serving permission sets", () => {
    it("name things, never everything", () => {
        for (const [name, statements] of Object.entries(sets)) {
            for (const { actions, resources } of statements) {
                expect(resources, name).not.to.include("*");
                for (const action of actions) expect(action, name).not.to.match(/(^|:)\*/);
            }
        }
    });

    it("have statements with different names within each policy, and fit into a role", () => {
        for (const [name, statements] of Object.entries(sets)) {
            expect(new Set(statements.map(({ sid }) => sid)).size, name).to.equal(statements.length);
            expect(buildPolicy(statements).length, name).to.be.below(10_240);
        }
    });

    it("let both routers ask both endpoints, in lower case, as SageMaker writes names into ARNs", () => {
        for (const name of ["inference", "consumer"]) {
            const ask = sets[name]?.find(({ actions }) => actions.includes("sagemaker:InvokeEndpoint"));
            expect(ask?.resources, name).to.deep.equal(["champion", "challenger"]
                .map((variant) => `arn:aws:sagemaker:eu-central-1:123456789012:endpoint/firstlight-${variant}`));
        }
    });

    it("let routers and health read what is served, and nobody write it", () => {
        for (const name of ["inference", "consumer", "health"]) {
            const read = sets[name]?.find(({ actions }) => actions.includes("ssm:GetParameter"));
            expect(read?.resources, name).to.deep.equal(["champion", "challenger"]
                .map((variant) => `arn:aws:ssm:eu-central-1:123456789012:parameter/firstlight/dev/inference/serving-${variant}`));
        }
        for (const statements of Object.values(sets)) expect(allowedActions(buildPolicy(statements))).not.to.include("ssm:PutParameter");
    });

    it("open one item of the table of tests, to the API alone for changes", () => {
        for (const [name, statements] of Object.entries(sets)) {
            for (const { actions, conditions } of statements.filter(({ resources }) => resources?.includes("arn:ab-tests"))) {
                expect(conditions, name).to.deep.equal({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["champion-challenger"] } });
                if (actions.includes("dynamodb:UpdateItem")) expect(name).to.equal("abTests");
            }
        }
        expect(sets["abTests"]?.flatMap(({ actions }) => actions)).to.include("dynamodb:UpdateItem");
    });

    it("give the key of what is only read for reading, and of what is written for writing, through that service alone", () => {
        const keys = (name: string) => sets[name]!.filter(({ actions }) => actions.includes("kms:Decrypt"))
            .map(({ actions, resources, conditions }) => [
                resources?.[0], conditions?.["StringEquals"]?.["kms:ViaService"], actions.includes("kms:GenerateDataKey*") ? "write" : "read",
            ]);
        const via = (service: string): string => `${service}.eu-central-1.amazonaws.com`;
        expect(keys("inference")).to.deep.equal([["arn:s3-key", via("s3"), "read"], ["arn:dynamodb-key", via("dynamodb"), "read"]]);
        expect(keys("consumer")).to.have.deep.members([
            ["arn:kinesis-key", via("kinesis"), "read"], ["arn:s3-key", via("s3"), "write"],
            ["arn:kinesis-key", via("sqs"), "write"], ["arn:dynamodb-key", via("dynamodb"), "write"],
        ]);
        expect(keys("models")).to.deep.equal([["arn:dynamodb-key", via("dynamodb"), "read"]]);
        expect(keys("abTests")).to.deep.equal([["arn:dynamodb-key", via("dynamodb"), "write"]]);
    });
});
