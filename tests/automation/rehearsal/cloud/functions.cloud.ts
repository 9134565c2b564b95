import { ApiGatewayV2Client, CreateApiCommand, CreateIntegrationCommand, CreateRouteCommand, CreateStageCommand } from "@aws-sdk/client-apigatewayv2";
import { DescribeLogGroupsCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { AddPermissionCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { ACCOUNT, allow, REGION, startTestCloud, type TestCloud } from "./testCloud.ts";

const CODE = `class LabelMissing extends Error { constructor(m) { super(m); this.name = "LabelMissing"; } }
export const handler = async (event) => {
    console.log("called");
    if (event.throws || event.rawPath === "/fail") throw new LabelMissing("no label");
    if (event.rawPath === "/bad-gateway") return { statusCode: 502, body: "the model failed" };
    return { statusCode: 200, body: process.version };
};`;

describe("a function", () => {
    let test: TestCloud;
    before(async () => { test = await startTestCloud(); });
    after(() => test.stop());

    const invoke = async (name: string, event: object) => {
        const answer = await test.lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }));
        return { error: answer.FunctionError, payload: JSON.parse(answer.Payload!.transformToString()) };
    };

    it("runs on the project's Node, and answers an error with its name", async () => {
        await test.createFunction("typed", await test.role("typed", "lambda.amazonaws.com"), CODE);
        expect((await invoke("typed", {})).payload.body).to.match(/^v24\./);
        const failed = await invoke("typed", { throws: true });
        expect(failed.error).to.be.a("string");
        expect(failed.payload).to.include({ errorType: "LabelMissing", errorMessage: "no label" });
        expect(failed.payload.trace[0]).to.equal("LabelMissing: no label");
    });

    it("leaves a log only if its role may write one", async () => {
        const logs = (name: string) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/${name}`;
        await test.createFunction("silent", await test.role("silent", "lambda.amazonaws.com", allow(["logs:CreateLogStream", "logs:PutLogEvents"], logs("silent"))), CODE);
        await test.createFunction("loud", await test.role("loud", "lambda.amazonaws.com", allow(["logs:CreateLogStream", "logs:PutLogEvents"], `${logs("loud")}:*`)), CODE);
        await invoke("silent", {});
        await invoke("loud", {});
        const { events } = await test.logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/loud" }));
        expect(events!.map(({ message }) => message).join("\n")).to.contain("called");
        const { logGroups } = await test.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/lambda/silent" }));
        expect(logGroups).to.deep.equal([]);
    });

    it("is called by an HTTP API only with its permission for that route", async () => {
        const functionArn = await test.createFunction("routed", await test.role("routed", "lambda.amazonaws.com"), CODE);
        const api = new ApiGatewayV2Client(test.settings);
        const { ApiId } = await api.send(new CreateApiCommand({ Name: "test", ProtocolType: "HTTP" }));
        const { IntegrationId } = await api.send(new CreateIntegrationCommand({
            ApiId, IntegrationType: "AWS_PROXY", IntegrationUri: functionArn, PayloadFormatVersion: "2.0", IntegrationMethod: "POST",
        }));
        for (const RouteKey of ["GET /ok", "GET /fail", "GET /bad-gateway", "GET /other", "GET /items/{id}"]) await api.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
        await api.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true }));
        const call = async (path: string) => {
            const response = await fetch(`${test.cloud.target.endpoint}/_aws/execute-api/${ApiId}/$default${path}`);
            return { status: response.status, text: await response.text() };
        };
        const refused = { status: 500, text: JSON.stringify({ message: "Internal Server Error" }) };
        expect(await call("/ok")).to.deep.equal(refused);
        for (const [index, route] of ["ok", "fail", "bad-gateway", "items/{id}"].entries()) {
            await test.lambda.send(new AddPermissionCommand({
                FunctionName: "routed", StatementId: `route-${index}`, Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com",
                SourceArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${ApiId}/*/*/${route}`,
            }));
        }
        expect((await call("/ok")).status).to.equal(200);
        expect((await call("/items/7")).status).to.equal(200);
        expect(await call("/fail")).to.deep.equal(refused);
        expect(await call("/bad-gateway")).to.deep.equal({ status: 502, text: "the model failed" });
        expect(await call("/other")).to.deep.equal(refused);
        const usage = await test.cloud.usage();
        expect(usage).to.deep.include({ action: "lambda:InvokeFunction", resource: functionArn, principal: "apigateway.amazonaws.com", allowed: true, count: 4 });
        const calls = usage.filter(({ action, resource }) => action === "execute-api:Invoke" && resource.startsWith(`arn:aws:execute-api:${REGION}:${ACCOUNT}:${ApiId}/`));
        expect(calls.map(({ principal, allowed }) => ({ principal, allowed }))[0]).to.deep.equal({ principal: "anonymous", allowed: true });
    });
});
