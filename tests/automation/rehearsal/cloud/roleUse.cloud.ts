import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateStateMachineCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { setTimeout as delay } from "node:timers/promises";
import { allow, refusalOf, startTestCloud, type TestCloud } from "./testCloud.ts";

const DONE = JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } });
const passTo = (role: string, service: string) => allow("iam:PassRole", role, { StringEquals: { "iam:PassedToService": service } });

describe("handing a role to a service", () => {
    let test: TestCloud;
    before(async () => { test = await startTestCloud(); });
    after(() => test.stop());

    it("is refused for a function whose role does not trust Lambda", async () => {
        const error = await refusalOf(test.createFunction("untrusted", await test.role("f-untrusted", "ec2.amazonaws.com"), "export const handler = () => 1;"));
        expect(error.name).to.equal("InvalidParameterValueException");
        expect(error.message).to.equal("The role defined for the function cannot be assumed by Lambda.");
    });

    it("needs iam:PassRole to that very service for a function", async () => {
        const role = await test.role("f-role", "lambda.amazonaws.com");
        const creator = await test.role("f-creator", undefined, allow("lambda:CreateFunction"), passTo(role, "states.amazonaws.com"));
        const lambda = new LambdaClient(await test.as(creator));
        const ZipFile = zipSync({ "index.mjs": strToU8("export const handler = () => 1;") });
        const create = () => lambda.send(new CreateFunctionCommand({ FunctionName: "passed", Role: role, Runtime: "nodejs24.x", Handler: "index.handler", Code: { ZipFile } }));
        expect((await refusalOf(create())).message).to.contain(`is not authorized to perform: iam:PassRole on resource: ${role}`);
        await test.permit("f-creator", allow("lambda:CreateFunction"), passTo(role, "lambda.amazonaws.com"));
        expect((await create()).FunctionName).to.equal("passed");
    });

    it("needs iam:PassRole for a state machine", async () => {
        const role = await test.role("m-role", "states.amazonaws.com");
        const sfn = new SFNClient(await test.as(await test.role("m-creator", undefined, allow("states:CreateStateMachine"))));
        const create = () => sfn.send(new CreateStateMachineCommand({ name: "passed", roleArn: role, definition: DONE }));
        expect((await refusalOf(create())).message).to.contain("iam:PassRole");
        await test.permit("m-creator", allow("states:CreateStateMachine"), passTo(role, "states.amazonaws.com"));
        expect((await create()).stateMachineArn).to.contain(":stateMachine:passed");
    });

    describe("as an event's target", () => {
        let machine: string;
        let events: EventBridgeClient;
        before(async () => {
            events = new EventBridgeClient(test.settings);
            const roleArn = await test.role("target-machine", "states.amazonaws.com");
            machine = (await test.sfn.send(new CreateStateMachineCommand({ name: "target", roleArn, definition: DONE }))).stateMachineArn!;
            await events.send(new PutRuleCommand({ Name: "uploads", EventPattern: JSON.stringify({ source: ["test"] }) }));
        });

        const target = (RoleArn?: string) => events.send(new PutTargetsCommand({ Rule: "uploads", Targets: [{ Id: "1", Arn: machine, ...(RoleArn === undefined ? {} : { RoleArn }) }] }));
        const executions = async () => (await test.sfn.send(new ListExecutionsCommand({ stateMachineArn: machine }))).executions!.length;
        const send = () => events.send(new PutEventsCommand({ Entries: [{ Source: "test", DetailType: "test", Detail: "{}" }] }));

        it("is refused without a role, and with one that EventBridge may not assume", async () => {
            expect((await refusalOf(target())).message).to.contain("RoleArn is required for target");
            expect((await refusalOf(target(await test.role("t-untrusted", "lambda.amazonaws.com")))).message).to.contain("cannot be assumed by principal 'events.amazonaws.com'");
        });

        it("starts nothing unless the role has states:StartExecution on the machine", async () => {
            await target(await test.role("t-role", "events.amazonaws.com", allow("states:StartExecution", `${machine}-other`)));
            await send();
            await delay(300);
            expect(await executions()).to.equal(0);
            await test.permit("t-role", allow("states:StartExecution", machine));
            await send();
            for (let attempt = 0; attempt < 40 && await executions() === 0; attempt++) await delay(50);
            expect(await executions()).to.equal(1);
        });
    });
});
