import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { GetExecutionHistoryCommand, SFNClient, StopExecutionCommand, TestStateCommand, type DescribeExecutionOutput } from "@aws-sdk/client-sfn";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { machineRunner, type MachineRunner } from "./stateMachineRuns.ts";
import { ACCOUNT, allow, refusalOf, REGION, startTestCloud, type TestCloud } from "./testCloud.ts";

/** Counts how many calls are under way at once, in its own process; sleeps and throws on demand. */
const WORKER = `
let now = 0, most = 0;
export const handler = async ({ id, fail, sleepMs, tries, failBelow }) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, sleepMs ?? 0));
    now--;
    if (fail) throw Object.assign(new Error("no " + id), { name: "Refused" });
    if (tries < failBelow) throw Object.assign(new Error("again"), { name: "TryAgain" });
    return { id, tries, most };
};`;

describe("the flow of a state machine", () => {
    let test: TestCloud;
    let run: MachineRunner;
    let worker: string;
    before(async () => {
        test = await startTestCloud();
        run = machineRunner(test);
        worker = await test.createFunction("worker", await test.role("worker", "lambda.amazonaws.com"), WORKER);
    });
    after(() => test.stop());

    const call = (payload: object, more: object = { End: true }) => ({
        Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: worker, Payload: payload }, ...more,
    });
    const permission = () => [allow("lambda:InvokeFunction", worker)];
    const outputOf = ({ output, error, cause }: DescribeExecutionOutput) => {
        expect(error, cause).to.equal(undefined);
        return JSON.parse(output!) as unknown;
    };
    const map = (processor: object, more: object = {}) => ({ Type: "Map", ItemsPath: "$.items", End: true, ItemProcessor: processor, ...more });
    const only = (state: object) => ({ StartAt: "Only", States: { Only: state } });

    describe("over items", () => {
        it("gives each iteration its own item and retry count", async () => {
            const payload = { "id.$": "$.id", "tries.$": "$$.State.RetryCount", "failBelow.$": "$.failBelow" };
            const task = call(payload, { End: true, Retry: [{ ErrorEquals: ["TryAgain"], IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 1 }], OutputPath: "$.Payload" });
            const selector = { "id.$": "$$.Map.Item.Value.name", "failBelow.$": "$$.Map.Item.Value.failBelow", "index.$": "$$.Map.Item.Index", "other.$": "$.other" };
            const items = [0, 3, 1, 2].map((failBelow, index) => ({ name: `item-${index}`, failBelow }));
            const done = await run.execute({ Each: map(only(task), { ItemSelector: selector }) }, permission(), { input: { items, other: 1 } });
            const results = outputOf(done) as { id: string; tries: number }[];
            expect(results.map(({ id, tries }) => [id, tries])).to.deep.equal(items.map(({ name, failBelow }) => [name, failBelow]));
        });

        it("runs no more at once than it may", async () => {
            const wait = (id: number) => ({ Type: "Wait", Seconds: 4, Next: "Done", Comment: String(id) });
            const steps = { StartAt: "Wait", States: { Wait: wait(1), Done: { Type: "Pass", End: true } } };
            const took = async (more: object) => {
                const arn = await run.start({ Each: map(steps, more) }, [], { input: { items: [1, 2, 3] } });
                const { startDate, stopDate } = await run.ended(arn);
                return stopDate!.getTime() - startDate!.getTime();
            };
            // 4 seconds of waiting are 0.2 s here.
            expect(await took({ MaxConcurrency: 1 })).to.be.within(600, 1500);
            expect(await took({})).to.be.within(150, 500);
        });

        it("fails with its iteration's error, and stops the other iterations", async () => {
            const steps = {
                StartAt: "Which",
                States: {
                    Which: { Type: "Choice", Choices: [{ Variable: "$.bad", BooleanEquals: true, Next: "Bad" }], Default: "Wait" },
                    Bad: call({ id: "that", fail: true }),
                    Wait: { Type: "Wait", Seconds: 3600, End: true },
                },
            };
            const caught = { Catch: [{ ErrorEquals: ["Refused"], ResultPath: "$.error", Next: "After" }] };
            const states = { Each: map(steps, { ...caught }), After: { Type: "Pass", Parameters: { "error.$": "$.error.Error" }, End: true } };
            const arn = await run.start(states, permission(), { input: { items: [{ bad: false }, { bad: true }] } });
            expect(outputOf(await run.ended(arn))).to.deep.equal({ error: "Refused" });
            const { events } = await test.sfn.send(new GetExecutionHistoryCommand({ executionArn: arn }));
            expect(events!.filter(({ type }) => type?.startsWith("MapIteration")).map(({ type }) => type))
                .to.have.members(["MapIterationStarted", "MapIterationStarted", "MapIterationFailed", "MapIterationAborted"]);
        });

        it("takes JSONata items and selectors, and steps of JSONPath", async () => {
            const state = {
                Type: "Map", QueryLanguage: "JSONata", End: true, Items: "{% $filter($states.input.items, function($i) { $i.on }) %}",
                ItemSelector: { name: "{% $states.context.Map.Item.Value.name %}" },
                ItemProcessor: only({ Type: "Pass", Parameters: { "text.$": "States.Format('<{}>', $.name)" }, End: true }),
                Output: "{% { 'texts': $states.result.text } %}",
            };
            const items = [{ on: true, name: "a" }, { on: false, name: "b" }, { on: true, name: "c" }];
            expect(outputOf(await run.execute({ Each: state }, [], { input: { items } }))).to.deep.equal({ texts: ["<a>", "<c>"] });
        });
    });

    describe("in parallel", () => {
        it("gives each branch its own state and variables", async () => {
            const branch = (name: string) => ({
                StartAt: `${name}-set`,
                States: {
                    [`${name}-set`]: { Type: "Pass", QueryLanguage: "JSONata", Assign: { mine: name, outer: `{% $outer & '-${name}' %}` }, Next: `${name}-wait` },
                    [`${name}-wait`]: { Type: "Wait", Seconds: 2, Next: `${name}-tell` },
                    [`${name}-tell`]: { Type: "Pass", QueryLanguage: "JSONata", Output: "{% [$mine, $outer, $states.context.State.Name] %}", End: true },
                },
            });
            const states = {
                Set: { Type: "Pass", Assign: { outer: "o" }, Next: "Both" },
                Both: { Type: "Parallel", Branches: [branch("a"), branch("b")], ResultPath: "$.both", Next: "Tell" },
                Tell: { Type: "Pass", Parameters: { "both.$": "$.both", "outer.$": "$outer" }, End: true },
            };
            expect(outputOf(await run.execute(states, []))).to.deep.equal({ both: [["a", "o-a", "a-tell"], ["b", "o-b", "b-tell"]], outer: "o" });
        });
    });

    describe("in time", () => {
        it("ends a task, which can be caught, and a machine, which cannot", async () => {
            const slow = call({ id: 1, sleepMs: 5000 }, { TimeoutSeconds: 1, End: true });
            const task = await run.execute({ Slow: slow }, permission());
            expect(task).to.include({ status: "FAILED", error: "States.Timeout" });
            const caught = { ...slow, Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Done" }] };
            expect((await run.execute({ Slow: caught, Done: { Type: "Succeed" } }, permission())).status).to.equal("SUCCEEDED");
            const wait = { Wait: { Type: "Wait", Seconds: 20, Next: "Done" }, Done: { Type: "Succeed" } };
            expect((await run.execute(wait, [], { machine: { TimeoutSeconds: 10 } })).status).to.equal("TIMED_OUT");
            expect((await run.execute(wait, [], { machine: { TimeoutSeconds: 30 } })).status).to.equal("SUCCEEDED");
        }).timeout(15_000);

        it("tells every change of an execution's status on the default bus", async () => {
            const sqs = new SQSClient(test.settings);
            const events = new EventBridgeClient(test.settings);
            const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "executions" }));
            const EventPattern = JSON.stringify({ "source": ["aws.states"], "detail-type": ["Step Functions Execution Status Change"], "detail": { status: ["FAILED", "TIMED_OUT"] } });
            await events.send(new PutRuleCommand({ Name: "executions", EventPattern }));
            await events.send(new PutTargetsCommand({ Rule: "executions", Targets: [{ Id: "queue", Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:executions` }] }));
            await run.execute({ Wait: { Type: "Wait", Seconds: 20, End: true } }, [], { machine: { TimeoutSeconds: 10 } });
            await run.execute({ Fail: { Type: "Fail", Error: "Broken", Cause: "for the test" } }, []);
            await run.execute({ Done: { Type: "Succeed" } }, []);
            const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }));
            const details = Messages.map(({ Body }) => (JSON.parse(Body!) as { detail: Record<string, unknown> }).detail);
            expect(details.map(({ status, error, cause }) => [status, error, cause])).to.have.deep.members([["TIMED_OUT", null, null], ["FAILED", "Broken", "for the test"]]);
            expect(details[0]).to.include.keys("executionArn", "stateMachineArn", "name", "startDate", "stopDate", "input");
        }).timeout(15_000);

        it("stops an execution in the middle of a wait", async () => {
            const arn = await run.start({ Wait: { Type: "Wait", Seconds: 3600, Next: "Call" }, Call: call({ id: 1 }) }, []);
            await test.sfn.send(new StopExecutionCommand({ executionArn: arn }));
            expect((await run.ended(arn)).status).to.equal("ABORTED");
            await new Promise((resolve) => setTimeout(resolve, 200));
            const { events } = await test.sfn.send(new GetExecutionHistoryCommand({ executionArn: arn }));
            expect(events!.map(({ type }) => type)).to.not.include("TaskStateEntered");
        });
    });

    describe("with data", () => {
        it("fails on a path that leads nowhere, whatever is caught", async () => {
            const state = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: worker, "Payload.$": "$.none" }, Next: "Done" };
            const failed = await run.execute({ Call: { ...state, Catch: [{ ErrorEquals: ["States.ALL"], Next: "Done" }] }, Done: { Type: "Succeed" } }, permission());
            expect(failed).to.include({ status: "FAILED", error: "States.Runtime" });
            expect(failed.cause).to.match(/^An error occurred while executing the state 'Call' \(entered at the event id #2\)\. The JSONPath '\$\.none' specified for the field 'Payload\.\$' could not be found in the input '\{\}'$/);
            const choice = { Which: { Type: "Choice", Choices: [{ Variable: "$.none", StringEquals: "a", Next: "Done" }], Default: "Done" }, Done: { Type: "Succeed" } };
            expect((await run.execute(choice, [])).cause).to.contain("Invalid path '$.none': The choice state's condition path references an invalid value.");
        });

        it("asks for presence, compares with paths, and tells null from nothing", async () => {
            const rule = (condition: object) => ({
                Which: { Type: "Choice", Choices: [{ ...condition, Next: "Yes" }], Default: "No" },
                Yes: { Type: "Pass", Result: true, End: true }, No: { Type: "Pass", Result: false, End: true },
            });
            const input = { nothing: null, early: "2026-01-01T00:00:00Z", late: "2026-01-02T00:00:00Z" };
            const judge = async (condition: object) => outputOf(await run.execute(rule(condition), [], { input }));
            expect(await judge({ Variable: "$.nothing", IsPresent: true })).to.equal(true);
            expect(await judge({ Variable: "$.none", IsPresent: true })).to.equal(false);
            expect(await judge({ Variable: "$.late", TimestampGreaterThanPath: "$.early" })).to.equal(true);
            expect(await judge({ And: [{ Variable: "$.none", IsPresent: true }, { Variable: "$.none", StringEquals: "a" }] })).to.equal(false);
        });

        it("catches a function that fails on its arguments", async () => {
            const states = {
                Call: { ...call({ "id.$": "States.ArrayGetItem($.items, 5)" }), Catch: [{ ErrorEquals: ["States.ALL"], Next: "Done" }], End: true },
                Done: { Type: "Pass", OutputPath: "$.Error", End: true },
            };
            expect(outputOf(await run.execute(states, permission(), { input: { items: [] } }))).to.equal("States.IntrinsicFailure");
        });

        it("refuses results above 256 KiB", async () => {
            const grow = { Type: "Pass", QueryLanguage: "JSONata", Output: "{% $pad('', 300000, 'x') %}", End: true };
            expect((await run.execute({ Grow: grow }, [])).error).to.equal("States.DataLimitExceeded");
        });

        it("catches with JSONata, where the error is told and assigned", async () => {
            const states = {
                Call: {
                    ...call({}), QueryLanguage: "JSONata", Parameters: undefined, Arguments: { FunctionName: worker, Payload: { id: "{% $states.input.id %}", fail: true } },
                    Catch: [{ ErrorEquals: ["Refused"], Assign: { why: "{% $states.errorOutput.Error %}" }, Output: "{% $states.input %}", Next: "Tell" }],
                },
                Tell: { Type: "Pass", QueryLanguage: "JSONata", Output: { id: "{% $states.input.id %}", why: "{% $why %}" }, End: true },
            };
            expect(outputOf(await run.execute(states, permission(), { input: { id: 7 } }))).to.deep.equal({ id: 7, why: "Refused" });
        });
    });

    it("is not tested state by state, which no policy would see", async () => {
        const definition = JSON.stringify({ Type: "Pass", End: true });
        const sfn = new SFNClient({ ...test.settings, disableHostPrefix: true });
        expect((await refusalOf(sfn.send(new TestStateCommand({ definition, roleArn: await test.role("tester", "states.amazonaws.com") })))).message)
            .to.contain("not runnable in the rehearsal");
    });
});
