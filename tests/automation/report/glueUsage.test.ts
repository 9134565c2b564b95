import { expect } from "chai";
import type { StackResource } from "../../../automation/engine/engine.ts";
import type { PropertyMap, ResourceTable } from "../../../automation/engine/provider.ts";
import type { UsageRecord } from "../../../automation/rehearsal/cloud/cloud.ts";
import { describeResources } from "../../../automation/report/resourceStatus.ts";

const ROLE = "arn:aws:iam::111122223333:role/worker";
const MACHINE = "arn:aws:states:eu-central-1:111122223333:stateMachine:pipeline";
const FUNCTION = "arn:aws:lambda:eu-central-1:111122223333:function:health";
const ENDPOINT = "arn:aws:sagemaker:eu-central-1:111122223333:endpoint/dev";

function resource(type: string, outputs: PropertyMap): StackResource {
    return { urn: `urn:${type}`, type, name: type, custom: true, dependencies: [], inputs: {}, outputs };
}

function record(action: string, resourceArn: string, principal: string, allowed = true): UsageRecord {
    return { action, resource: resourceArn, principal, allowed };
}

/** Status of the first resource; the others are only there. */
function statusOf(resources: readonly [StackResource, ...StackResource[]], usage: readonly UsageRecord[]): string {
    const tables = new Map(resources.map(({ type }) => [type, { type, source: "", inputs: {}, outputs: [] } satisfies ResourceTable]));
    return describeResources(resources, tables, usage)[0]?.status ?? "absent";
}

describe("glue", () => {
    const role = resource("aws:iam/role:Role", { name: "worker", arn: ROLE });
    const policy = resource("aws:iam/rolePolicy:RolePolicy", {
        role: "worker", policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: ["s3:Get*"], Resource: "*" }, { Effect: "Deny", Action: "sqs:*", Resource: "*" }] }),
    });

    it("ran as a policy when its role was allowed a call that it covers", () => {
        expect(statusOf([policy, role], [record("s3:GetObject", "arn:aws:s3:::raw/a", ROLE)])).to.equal("ran");
    });

    it("did not run as a policy by a refused call, another role's call, or one that another statement decided", () => {
        expect(statusOf([policy, role], [record("s3:GetObject", "arn:aws:s3:::raw/a", ROLE, false)])).to.equal("recorded only");
        expect(statusOf([policy, role], [record("s3:GetObject", "arn:aws:s3:::raw/a", `${ROLE}-2`)])).to.equal("recorded only");
        expect(statusOf([policy, role], [record("sqs:SendMessage", "arn:aws:sqs:::queue", ROLE)])).to.equal("recorded only");
    });

    it("ran as rule, target and notification when the target's role started the execution", () => {
        const target = resource("aws:cloudwatch/eventTarget:EventTarget", { rule: "uploads", arn: MACHINE, roleArn: ROLE });
        const rule = resource("aws:cloudwatch/eventRule:EventRule", { name: "uploads", eventPattern: JSON.stringify({ detail: { bucket: { name: ["raw"] } } }) });
        const notification = resource("aws:s3/bucketNotification:BucketNotification", { bucket: "raw", eventbridge: true });
        const started = [record("states:StartExecution", MACHINE, ROLE)];
        expect(statusOf([target, rule], started)).to.equal("ran");
        expect(statusOf([rule, target], started)).to.equal("ran");
        expect(statusOf([notification, rule, target], started)).to.equal("ran");
        const byHand = [record("states:StartExecution", MACHINE, "arn:aws:iam::111122223333:root")];
        expect(statusOf([target, rule], byHand)).to.equal("recorded only");
        expect(statusOf([rule, target], byHand)).to.equal("recorded only");
        expect(statusOf([{ ...notification, outputs: { bucket: "processed" } }, rule, target], started)).to.equal("recorded only");
    });

    it("ran as permission and integration when the API called the function", () => {
        const permission = resource("aws:lambda/permission:Permission", { function: "health" });
        const uri = `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
        const integration = resource("aws:apigatewayv2/integration:Integration", { integrationUri: uri });
        const called = [record("lambda:InvokeFunction", FUNCTION, "apigateway.amazonaws.com")];
        expect(statusOf([permission], called)).to.equal("ran");
        expect(statusOf([integration], called)).to.equal("ran");
        const byPipeline = [record("lambda:InvokeFunction", FUNCTION, ROLE)];
        expect(statusOf([permission], byPipeline)).to.equal("recorded only");
        expect(statusOf([integration], byPipeline)).to.equal("recorded only");
    });

    it("ran as model and configuration when their endpoint was invoked", () => {
        const endpoint = resource("aws:sagemaker/endpoint:Endpoint", { arn: ENDPOINT, endpointConfigName: "config-1" });
        const configuration = resource("aws:sagemaker/endpointConfiguration:EndpointConfiguration", { name: "config-1", productionVariants: [{ modelName: "model-1" }] });
        const model = resource("aws:sagemaker/model:Model", { name: "model-1" });
        const invoked = [record("sagemaker:InvokeEndpoint", ENDPOINT, ROLE)];
        expect(statusOf([configuration, endpoint], invoked)).to.equal("ran");
        expect(statusOf([model, configuration, endpoint], invoked)).to.equal("ran");
        expect(statusOf([{ ...model, outputs: { name: "model-2" } }, configuration, endpoint], invoked)).to.equal("recorded only");
        expect(statusOf([model, configuration, endpoint], [])).to.equal("recorded only");
    });

    it("of a kind that no call can show stays recorded", () => {
        expect(statusOf([resource("aws:kms/alias:Alias", {})], [record("kms:Decrypt", "arn:key", ROLE)])).to.equal("recorded only");
    });
});
