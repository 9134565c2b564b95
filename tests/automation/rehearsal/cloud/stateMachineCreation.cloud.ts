import { CreateStateMachineCommand, type CreateStateMachineCommandInput, UpdateStateMachineCommand } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { ACCOUNT, allow, refusalOf, REGION, startTestCloud, type TestCloud } from "./testCloud.ts";

const LOG_DELIVERY = ["CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries", "PutResourcePolicy",
    "DescribeResourcePolicies", "DescribeLogGroups"].map((action) => `logs:${action}`);
const LOGGING = {
    level: "ERROR" as const,
    destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/vendedlogs/states/x:*` } }],
};
const DONE = { StartAt: "Done", States: { Done: { Type: "Succeed" } } };

describe("creating a state machine", () => {
    let test: TestCloud;
    before(async () => { test = await startTestCloud(); });
    after(() => test.stop());

    function create(name: string, roleArn: string, definition: object, rest: Partial<CreateStateMachineCommandInput> = {}): Promise<{ stateMachineArn?: string | undefined }> {
        return test.sfn.send(new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition), ...rest }));
    }

    it("is refused with a role that Step Functions may not assume", async () => {
        const error = await refusalOf(create("untrusted", await test.role("untrusted", "lambda.amazonaws.com"), DONE));
        expect(error.name).to.equal("AccessDeniedException");
        expect(error.message).to.contain("states.amazonaws.com").and.to.contain("authorized to assume the provided role");
    });

    for (const missing of LOG_DELIVERY) {
        it(`with logging is refused without ${missing}`, async () => {
            const name = missing.replace(":", "-");
            const role = await test.role(name, "states.amazonaws.com", allow(LOG_DELIVERY.filter((action) => action !== missing)));
            const error = await refusalOf(create(name, role, DONE, { loggingConfiguration: LOGGING }));
            expect(error.name).to.equal("AccessDeniedException");
            expect(error.message).to.contain("The state machine IAM Role is not authorized to access the Log Destination");
        });
    }

    it("with logging works with all eight permissions, and an update is checked too", async () => {
        const role = await test.role("logs", "states.amazonaws.com", allow(LOG_DELIVERY));
        const { stateMachineArn } = await create("logs", role, DONE, { loggingConfiguration: LOGGING });
        await test.permit("logs", allow(LOG_DELIVERY.slice(1)));
        const update = test.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: stateMachineArn!, loggingConfiguration: LOGGING }));
        expect((await refusalOf(update)).message).to.contain("Log Destination");
    });

    it("that waits for a job is refused when its role may not make the managed rule", async () => {
        const definition = { StartAt: "Train", States: { Train: { Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", End: true } } };
        const rule = `arn:aws:events:${REGION}:${ACCOUNT}:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule`;
        const role = await test.role("rule", "states.amazonaws.com", allow(["events:PutTargets", "events:PutRule"], rule));
        const error = await refusalOf(create("rule", role, definition));
        expect(error.message).to.contain("is not authorized to create managed-rule");
        await test.permit("rule", allow(["events:PutTargets", "events:PutRule", "events:DescribeRule"], rule));
        expect((await create("rule", role, definition)).stateMachineArn).to.contain(":stateMachine:rule");
    });

    it("is refused when a transition leads nowhere", async () => {
        const role = await test.role("dangling", "states.amazonaws.com");
        const dangling = {
            next: { StartAt: "A", States: { A: { Type: "Pass", Next: "Nowhere" } } },
            catch: { StartAt: "A", States: { A: { Type: "Task", Resource: "arn:aws:states:::sns:publish", End: true, Catch: [{ ErrorEquals: ["States.ALL"], Next: "Nowhere" }] } } },
            default: { StartAt: "A", States: { A: { Type: "Choice", Choices: [{ Variable: "$.a", IsPresent: true, Next: "B" }], Default: "Nowhere" }, B: { Type: "Succeed" } } },
        };
        for (const [name, definition] of Object.entries(dangling)) {
            const error = await refusalOf(create(name, role, definition));
            expect(error.name, name).to.equal("InvalidDefinition");
            expect(error.message, name).to.contain("Missing 'Next' target: Nowhere");
        }
        expect((await refusalOf(create("open", role, { StartAt: "A", States: { A: { Type: "Pass" } } }))).message).to.contain("either Next or End");
    });

    it("is refused when a state cannot be reached, or its name is taken or too long", async () => {
        const role = await test.role("lost", "states.amazonaws.com");
        const end = { Type: "Pass", End: true };
        const map = { Type: "Map", End: true, ItemProcessor: { StartAt: "A", States: { A: end } } };
        const refused = async (name: string, StartAt: string, States: object) => (await refusalOf(create(name, role, { StartAt, States }))).message;
        expect(await refused("lost", "A", { A: end, B: end })).to.contain('State "B" is not reachable.');
        expect(await refused("twice", "A", { A: { Type: "Pass", Next: "M" }, M: map })).to.contain("DUPLICATE_STATE_NAME: Duplicate State name: A at /States/M/States/A");
        const long = "x".repeat(81);
        expect(await refused("long", long, { [long]: end })).to.contain("exceeds 80 characters");
    });
});
