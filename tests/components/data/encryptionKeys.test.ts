import { expect } from "chai";
import { EncryptionKeys } from "../../../components/data/encryptionKeys.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, statementsOf, testContext, testLocation } from "../../support/programContexts.ts";

const PARTS = ["s3", "dynamodb", "sagemaker", "kinesis", "lambda"];

async function createKeys(region = "eu-central-1") {
    return runProgram(() => void new EncryptionKeys("keys", { context: testContext({ location: testLocation(region) }) }), { region });
}

describe("EncryptionKeys", () => {
    it("makes five keys that rotate, with tags and an alias each", async () => {
        const { resources } = await createKeys();
        const keys = resources.ofType("aws:kms/key:Key");
        expect(keys.map(({ name }) => name)).to.have.members(PARTS.map((part) => `${part}-key`));
        for (const { inputs } of keys) expect(inputs).to.include({ enableKeyRotation: true, deletionWindowInDays: 7 });
        expectTags(...keys);
        for (const part of PARTS) {
            expect(resources.named(`${part}-key-alias`).inputs).to.deep.equal({ name: `alias/firstlight-dev-${part}`, targetKeyId: `id-of-${part}-key` });
        }
    });

    it("leaves every key with the account, so that it can be changed again", async () => {
        const { resources } = await createKeys();
        for (const part of PARTS) {
            const [owner] = statementsOf(resources.named(`${part}-key`).inputs["policy"]);
            expect(owner).to.deep.include({ Effect: "Allow", Action: ["kms:*"], Principal: { AWS: ["arn:aws:iam::123456789012:root"] } });
        }
    });

    it("lets CloudWatch Logs use the lambda key for our log groups alone, and no other key", async () => {
        const { resources } = await createKeys("cn-north-1");
        const counts = PARTS.map((part) => statementsOf(resources.named(`${part}-key`).inputs["policy"]).length);
        expect(counts).to.deep.equal([1, 1, 1, 1, 5]);
        const logs = statementsOf(resources.named("lambda-key").inputs["policy"])[1];
        expect(logs?.Principal).to.deep.equal({ Service: ["logs.cn-north-1.amazonaws.com.cn"] });
        expect(logs?.Condition?.["ArnLike"]?.["kms:EncryptionContext:aws:logs:arn"]).to.deep.equal([
            "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/lambda/firstlight-dev-*",
            "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/Endpoints/firstlight-dev-*",
            "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/vendedlogs/apigateway/firstlight-dev-*",
            "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/vendedlogs/states/firstlight-dev-*",
            "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/vendedlogs/vpc/firstlight-dev-*",
        ]);
    });

    it("lets those who send to the encrypted alert topic use its key, for our resources where they say for which", async () => {
        const { resources } = await createKeys();
        const senders = statementsOf(resources.named("lambda-key").inputs["policy"]).slice(2);
        for (const sender of senders) expect(sender.Action).to.deep.equal(["kms:Decrypt", "kms:GenerateDataKey*"]);
        const ours = { "aws:SourceAccount": "123456789012" };
        expect(senders.map(({ Principal, Condition }) => [Principal, Condition])).to.deep.equal([
            [
                { Service: ["cloudwatch.amazonaws.com"] },
                { StringEquals: ours, ArnLike: { "aws:SourceArn": ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:firstlight-dev-*"] } },
            ],
            [{ Service: ["events.amazonaws.com"] }, undefined],
            [
                { Service: ["budgets.amazonaws.com"] },
                { StringEquals: ours, ArnLike: { "aws:SourceArn": ["arn:aws:budgets::123456789012:budget/firstlight-dev-*"] } },
            ],
        ]);
    });
});
