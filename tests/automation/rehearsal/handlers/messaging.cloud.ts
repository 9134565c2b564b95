import { expect } from "chai";
import type { PropertyMap } from "../../../../automation/engine/provider.ts";
import { startHandlerCloud, type HandlerCloud } from "./handlerCloud.ts";
import { begin, type Life } from "./life.ts";

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const LOG_DELIVERY = [
    "logs:CreateLogDelivery", "logs:CreateLogStream", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries", "logs:PutLogEvents", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
];

describe("orchestration and messaging handlers", () => {
    let cloud: HandlerCloud;
    let key: Life;
    let role: Life;
    let logDelivery: Life;
    before(async () => {
        cloud = await startHandlerCloud();
        key = await begin(cloud.provider, "aws:kms/key:Key", { description: "messages" });
        role = await begin(cloud.provider, "aws:iam/role:Role", {
            name: "example-pipeline-role",
            assumeRolePolicy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [{ Effect: "Allow", Principal: { Service: ["states.amazonaws.com", "events.amazonaws.com"] }, Action: "sts:AssumeRole" }],
            }),
        });
        // What a state machine's role needs before the machine may log.
        logDelivery = await begin(cloud.provider, "aws:iam/rolePolicy:RolePolicy", {
            name: "log-delivery", role: role.state.id,
            policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: LOG_DELIVERY, Resource: "*" }] }),
        });
    });
    after(async () => {
        try {
            await logDelivery.end();
            await role.end();
        } finally {
            await cloud.stop();
        }
    });

    const definition = (comment: string): string => JSON.stringify({ Comment: comment, StartAt: "Done", States: { Done: { Type: "Succeed" } } });

    it("leads a state machine, a rule and its target through their lives", async () => {
        const logs = await begin(cloud.provider, "aws:cloudwatch/logGroup:LogGroup", { name: "/aws/vendedlogs/states/example" });
        const machineInputs: PropertyMap = {
            name: "example-pipeline", roleArn: role.state.outputs["arn"]!, definition: definition("one"), type: "STANDARD",
            loggingConfiguration: { level: "ERROR", includeExecutionData: false, logDestination: `${String(logs.state.outputs["arn"])}:*` },
            tracingConfiguration: { enabled: true }, tags: { A: "1" },
        };
        const machine = await begin(cloud.provider, "aws:sfn/stateMachine:StateMachine", machineInputs);
        await machine.update({
            ...machineInputs, definition: definition("two"), tags: { B: "2" },
            loggingConfiguration: { level: "ALL", includeExecutionData: true, logDestination: `${String(logs.state.outputs["arn"])}:*` },
        });

        const pattern = (bucket: string): string => JSON.stringify({ source: ["aws.s3"], detail: { bucket: { name: [bucket] } } });
        const ruleInputs: PropertyMap = { name: "example-new-data", description: "first", eventPattern: pattern("a"), tags: { A: "1" } };
        const rule = await begin(cloud.provider, "aws:cloudwatch/eventRule:EventRule", ruleInputs);
        await rule.update({ ...ruleInputs, description: "second", eventPattern: pattern("b"), state: "DISABLED", tags: { B: "2" } });
        const targetInputs: PropertyMap = {
            rule: rule.state.id, arn: machine.state.id, roleArn: role.state.outputs["arn"]!, targetId: "pipeline",
            retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
        };
        const target = await begin(cloud.provider, "aws:cloudwatch/eventTarget:EventTarget", targetInputs);
        await target.update({ ...targetInputs, inputTransformer: { inputPaths: { id: "$.id" }, inputTemplate: "{\"id\":<id>}" } });
        const nameless = await begin(cloud.provider, "aws:cloudwatch/eventTarget:EventTarget", { rule: rule.state.id, arn: machine.state.id, roleArn: role.state.outputs["arn"]! });
        expect(nameless.state.outputs["targetId"]).to.be.a("string").that.is.not.equal("");
        for (const life of [nameless, target, rule, machine, logs]) await life.end();
    });

    it("leads a topic and a subscription through their lives", async () => {
        const policy = JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" }, Action: "sns:Publish", Resource: "*" }],
        });
        const topicInputs: PropertyMap = { name: "example-alerts", displayName: "Alerts", kmsMasterKeyId: key.state.id, tags: { A: "1" } };
        const topic = await begin(cloud.provider, "aws:sns/topic:Topic", topicInputs);
        await topic.update({ ...topicInputs, displayName: "Warnings", policy, tags: { B: "2" } });
        const subscribed: PropertyMap = { topic: topic.state.id, protocol: "email", endpoint: "someone@example.org" };
        const subscription = await begin(cloud.provider, "aws:sns/topicSubscription:TopicSubscription", subscribed);
        await subscription.update({ ...subscribed, filterPolicy: JSON.stringify({ level: ["error"] }) });
        for (const life of [subscription, topic]) await life.end();
    });

    it("leads parameters through their lives, and finds them by path", async () => {
        const plain: PropertyMap = { name: "/example/dev/inference/switch", type: "String", value: "none", description: "whether it is on", tags: { A: "1" } };
        const parameter = await begin(cloud.provider, "aws:ssm/parameter:Parameter", plain);
        const secret = await begin(cloud.provider, "aws:ssm/parameter:Parameter", {
            name: "/example/dev/token", type: "SecureString", value: "hidden", keyId: key.state.id,
        });
        const changed = await parameter.update({ ...plain, value: "on", tags: { B: "2" } });
        expect(changed.outputs["version"]).to.equal(2);
        const find = cloud.provider.invokes.get("aws:ssm/getParametersByPath:getParametersByPath")!;
        expect(await find.invoke({ path: "/example/dev", recursive: true })).to.deep.include({
            names: ["/example/dev/inference/switch", "/example/dev/token"], values: ["on", "hidden"], types: ["String", "SecureString"],
        });
        expect(await find.invoke({ path: "/example/absent", recursive: true })).to.deep.include({ names: [], values: [] });
        for (const life of [secret, parameter]) await life.end();
    });

    it("says where it is", async () => {
        const identity = await cloud.provider.invokes.get("aws:index/getCallerIdentity:getCallerIdentity")!.invoke({});
        expect(identity).to.include({ accountId: cloud.accountId });
    });
});
