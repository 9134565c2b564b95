import { ListModelsCommand, SageMakerClient, DescribeEndpointCommand, CreateModelCommand } from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { expect } from "chai";
import { ACCOUNT, allow, refusalOf, REGION, startTestCloud, type TestCloud } from "./testCloud.ts";

const arn = (resource: string): string => `arn:aws:sagemaker:${REGION}:${ACCOUNT}:${resource}`;

describe("access to SageMaker", () => {
    let test: TestCloud;
    before(async () => { test = await startTestCloud(); });
    after(() => test.stop());

    it("needs sagemaker:InvokeEndpoint on the endpoint, its name in lower case", async () => {
        const role = await test.role("invoker", undefined, allow("sagemaker:InvokeEndpoint", arn("endpoint/mine")));
        const runtime = new SageMakerRuntimeClient(await test.as(role));
        const invoke = (EndpointName: string) => refusalOf(runtime.send(new InvokeEndpointCommand({ EndpointName, Body: "1", ContentType: "text/csv" })));
        expect((await invoke("Mine")).message).to.contain("not found");
        expect((await invoke("Other")).name).to.match(/^AccessDenied/);
    });

    it("is judged per action and resource on the control plane", async () => {
        const role = await test.role("describer", undefined, allow("sagemaker:DescribeEndpoint", arn("endpoint/mine")), allow("sagemaker:ListModels"));
        const client = new SageMakerClient(await test.as(role));
        expect((await client.send(new ListModelsCommand({}))).Models).to.deep.equal([]);
        expect((await refusalOf(client.send(new DescribeEndpointCommand({ EndpointName: "mine" })))).message).to.contain("Could not find");
        expect((await refusalOf(client.send(new DescribeEndpointCommand({ EndpointName: "other" })))).name).to.match(/^AccessDenied/);
        const usage = await test.cloud.usage();
        expect(usage).to.deep.include({ action: "sagemaker:DescribeEndpoint", resource: arn("endpoint/other"), principal: role, allowed: false, count: 1 });
    });

    it("needs iam:PassRole for a model's role, and sagemaker:AddTags for tags", async () => {
        const serving = await test.role("serving", "sagemaker.amazonaws.com");
        const creator = await test.role("creator", undefined, allow("sagemaker:CreateModel"));
        const client = new SageMakerClient(await test.as(creator));
        const create = () => refusalOf(client.send(new CreateModelCommand({
            ModelName: "tagged", ExecutionRoleArn: serving, Tags: [{ Key: "a", Value: "b" }],
            PrimaryContainer: { Image: "nowhere", ModelDataUrl: "s3://nowhere/model.tar.gz" },
        })));
        expect((await create()).message).to.contain("is not authorized to perform: iam:PassRole on resource: " + serving);
        await test.permit("creator", allow("sagemaker:CreateModel"), allow("iam:PassRole", serving, { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } }));
        expect((await create()).message).to.contain(`is not authorized to perform: sagemaker:AddTags on resource: ${arn("model/tagged")}`);
        await test.permit("creator", allow(["sagemaker:CreateModel", "sagemaker:AddTags"]), allow("iam:PassRole", serving));
        expect((await create()).message).to.contain("nowhere");
    });
});
