/** What is let through the ways out of a private network, written down a second time. */
import { expect } from "chai";
import declarePlatform from "../index.ts";
import { runProgram } from "./support/mocks.ts";
import type { RecordedProgram } from "./support/mocks.ts";
import { SWITCHED_ON, statementsOf } from "./support/programContexts.ts";

const OWN_ACCOUNT = ["OwnAccount: *"];

/** By endpoint: the statements and their actions. */
const ENDPOINT_PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
    "s3": [
        "OwnBuckets: s3:AbortMultipartUpload, s3:GetBucketLocation, s3:GetObject, s3:GetObjectVersion, s3:ListBucket, "
        + "s3:ListBucketMultipartUploads, s3:ListMultipartUploadParts, s3:PutObject",
        "ImageLayers: s3:GetObject",
    ],
    "dynamodb": [
        "OwnTables: dynamodb:BatchGetItem, dynamodb:BatchWriteItem, dynamodb:ConditionCheckItem, dynamodb:DeleteItem, dynamodb:DescribeTable, "
        + "dynamodb:GetItem, dynamodb:PutItem, dynamodb:Query, dynamodb:Scan, dynamodb:UpdateItem",
    ],
    "ecr-api": OWN_ACCOUNT, "ecr-dkr": OWN_ACCOUNT, "kms": OWN_ACCOUNT, "logs": OWN_ACCOUNT, "sagemaker-api": OWN_ACCOUNT, "sts": OWN_ACCOUNT,
};

describe("the ways out of a private network", function () {
    this.timeout(30_000);
    let resources: RecordedProgram;

    before(async () => {
        resources = (await runProgram(declarePlatform, { parameters: SWITCHED_ON, config: { "firstlight:training": '{"private":true}' } })).resources;
    });

    it("let nobody but our account through, and only to our buckets, our tables and the images' layers", () => {
        const endpoints = resources.ofType("aws:ec2/vpcEndpoint:VpcEndpoint");
        expect(endpoints).to.have.length.above(2);
        for (const { name, inputs } of endpoints) {
            for (const { Sid, Condition } of statementsOf(inputs["policy"])) {
                // AWS's own buckets with the layers belong to another account; who reads them is in no principal's name.
                if (Sid !== "ImageLayers") expect(Condition?.["StringEquals"], `${name} ${Sid}`).to.include({ "aws:PrincipalAccount": "123456789012" });
            }
        }
        const actions = endpoints.map(({ name, inputs }) => [name.replace(/-endpoint$/, ""), statementsOf(inputs["policy"]).map(({ Sid, Action }) => `${Sid}: ${Action.join(", ")}`)]);
        expect(Object.fromEntries(actions)).to.deep.equal(ENDPOINT_PERMISSIONS);
        const reach = (name: string): readonly string[] => statementsOf(resources.named(`${name}-endpoint`).inputs["policy"]).flatMap(({ Resource = [] }) => Resource);
        expect(reach("s3")).to.deep.equal(["arn:aws:s3:::firstlight-dev-*", "arn:aws:s3:::firstlight-dev-*/*", "arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*"]);
        expect(reach("dynamodb")).to.deep.equal(["arn:aws:dynamodb:eu-central-1:123456789012:table/firstlight-dev-*"]);
    });
});
