import { expect } from "chai";
import { UNKNOWN, type PropertyMap } from "../../../../automation/engine/provider.ts";
import { createPlanningProvider, type PlanningProviderOptions } from "../../../../automation/rehearsal/handlers/provider.ts";

const ACCOUNT = "111122223333";

async function predict(type: string, inputs: PropertyMap, options: Partial<PlanningProviderOptions> = {}) {
    const provider = createPlanningProvider({ region: "eu-central-1", accountId: ACCOUNT, ...options });
    return provider.resources.get(type)!.predict({ urn: "urn", name: "example", inputs });
}

describe("predictions", () => {
    const named: readonly [string, PropertyMap, string][] = [
        ["aws:s3/bucket:Bucket", { bucket: "raw" }, "arn:aws-cn:s3:::raw"],
        ["aws:dynamodb/table:Table", { name: "models" }, `arn:aws-cn:dynamodb:cn-north-1:${ACCOUNT}:table/models`],
        ["aws:iam/role:Role", { name: "worker", path: "/ml/" }, `arn:aws-cn:iam::${ACCOUNT}:role/ml/worker`],
        ["aws:cloudwatch/logGroup:LogGroup", { name: "/a/b" }, `arn:aws-cn:logs:cn-north-1:${ACCOUNT}:log-group:/a/b`],
        ["aws:lambda/function:Function", { name: "health" }, `arn:aws-cn:lambda:cn-north-1:${ACCOUNT}:function:health`],
        ["aws:sfn/stateMachine:StateMachine", { name: "train" }, `arn:aws-cn:states:cn-north-1:${ACCOUNT}:stateMachine:train`],
        ["aws:sns/topic:Topic", { name: "alerts" }, `arn:aws-cn:sns:cn-north-1:${ACCOUNT}:alerts`],
        ["aws:ssm/parameter:Parameter", { name: "/a/b" }, `arn:aws-cn:ssm:cn-north-1:${ACCOUNT}:parameter/a/b`],
        ["aws:ssm/parameter:Parameter", { name: "plain" }, `arn:aws-cn:ssm:cn-north-1:${ACCOUNT}:parameter/plain`],
        ["aws:sagemaker/endpoint:Endpoint", { name: "Dev-A" }, `arn:aws-cn:sagemaker:cn-north-1:${ACCOUNT}:endpoint/dev-a`],
        ["aws:kinesis/stream:Stream", { name: "records" }, `arn:aws-cn:kinesis:cn-north-1:${ACCOUNT}:stream/records`],
        ["aws:sqs/queue:Queue", { name: "dead-letters" }, `arn:aws-cn:sqs:cn-north-1:${ACCOUNT}:dead-letters`],
        ["aws:cloudwatch/eventRule:EventRule", { name: "data" }, `arn:aws-cn:events:cn-north-1:${ACCOUNT}:rule/data`],
        ["aws:kms/alias:Alias", { name: "alias/a", targetKeyId: UNKNOWN }, `arn:aws-cn:kms:cn-north-1:${ACCOUNT}:alias/a`],
    ];
    for (const [type, inputs, arn] of named) {
        it(`computes the ARN of ${type} in another partition`, async () => {
            expect((await predict(type, inputs, { region: "cn-north-1" })).outputs["arn"]).to.equal(arn);
        });

        it(`calls the ARN of ${type} unknown when its name is`, async () => {
            const name = "bucket" in inputs ? "bucket" : "name";
            expect((await predict(type, { ...inputs, [name]: UNKNOWN })).outputs["arn"]).to.equal(UNKNOWN);
        });
    }

    it("leaves unknown what the cloud invents", async () => {
        expect(await predict("aws:apigatewayv2/api:Api", { name: "api", protocolType: "HTTP" })).to.deep.include({ id: UNKNOWN });
        expect((await predict("aws:kms/key:Key", {})).outputs).to.include({ arn: UNKNOWN, keyId: UNKNOWN });
        expect((await predict("random:index/randomId:RandomId", { byteLength: 4 })).outputs).to.include({ hex: UNKNOWN, dec: UNKNOWN });
        expect((await predict("command:local:Command", { create: "x" })).outputs).to.include({ stdout: UNKNOWN });
    });

    it("takes no absent input for an unknown", async () => {
        expect((await predict("aws:s3/bucket:Bucket", { bucket: "raw" })).outputs).not.to.have.property("bucketPrefix");
    });

    it("builds URLs of the partition's own domain", async () => {
        const stage = await predict("aws:apigatewayv2/stage:Stage", { apiId: "abc", name: "$default" }, { region: "cn-north-1" });
        expect(stage.outputs["invokeUrl"]).to.equal("https://abc.execute-api.cn-north-1.amazonaws.com.cn/");
        expect((await predict("aws:s3/bucket:Bucket", { bucket: "raw" })).outputs["bucketRegionalDomainName"]).to.equal("raw.s3.eu-central-1.amazonaws.com");
    });

    it("makes no calls", async () => {
        const provider = createPlanningProvider({ region: "eu-central-1", accountId: ACCOUNT });
        for (const handler of provider.resources.values()) {
            const outcome = await handler.create({ urn: "urn", name: "x", inputs: {} }).then(() => "created", (error: Error) => error.message);
            expect(outcome).to.match(/a planning provider makes no calls$/);
        }
    });
});

describe("planning data sources", () => {
    const provider = createPlanningProvider({
        region: "us-gov-west-1", accountId: ACCOUNT,
        parameters: { "/p/dev/inference/switch": "on", "/p/dev/inference/deep/er": "x", "/p/development/other": "no" },
    });
    const ask = (token: string, args: PropertyMap = {}): Promise<PropertyMap> => provider.invokes.get(token)!.invoke(args);

    it("answer from what is supposed", async () => {
        expect(await ask("aws:index/getPartition:getPartition")).to.include({ partition: "aws-us-gov", dnsSuffix: "amazonaws.com" });
        expect(await ask("aws:index/getRegion:getRegion")).to.include({ region: "us-gov-west-1", name: "us-gov-west-1" });
        expect(await ask("aws:index/getCallerIdentity:getCallerIdentity")).to.include({ accountId: ACCOUNT });
    });

    it("find parameters below a path, and nothing beside it", async () => {
        const direct = await ask("aws:ssm/getParametersByPath:getParametersByPath", { path: "/p/dev/inference" });
        expect(direct).to.deep.include({ names: ["/p/dev/inference/switch"], values: ["on"] });
        expect(direct["arns"]).to.deep.equal([`arn:aws-us-gov:ssm:us-gov-west-1:${ACCOUNT}:parameter/p/dev/inference/switch`]);
        const all = await ask("aws:ssm/getParametersByPath:getParametersByPath", { path: "/p/dev/", recursive: true });
        expect(all["names"]).to.deep.equal(["/p/dev/inference/deep/er", "/p/dev/inference/switch"]);
        expect(await ask("aws:ssm/getParametersByPath:getParametersByPath", { path: "/none" })).to.deep.include({ names: [], values: [] });
    });
});
