import { expect } from "chai";
import { UNKNOWN } from "../../../../automation/engine/provider.ts";
import type { CheckedRule, Evidence } from "../../../../automation/preflight/rule.ts";
import { rule as F31 } from "../../../../automation/preflight/rules/F31.ts";
import { rule as F42 } from "../../../../automation/preflight/rules/F42.ts";
import { rule as F43 } from "../../../../automation/preflight/rules/F43.ts";
import { rule as F44 } from "../../../../automation/preflight/rules/F44.ts";
import { rule as F45 } from "../../../../automation/preflight/rules/F45.ts";
import { rule as F46 } from "../../../../automation/preflight/rules/F46.ts";
import { rule as F47 } from "../../../../automation/preflight/rules/F47.ts";
import { rule as F48 } from "../../../../automation/preflight/rules/F48.ts";
import { rule as F49 } from "../../../../automation/preflight/rules/F49.ts";
import { rule as F52 } from "../../../../automation/preflight/rules/F52.ts";
import { rule as F60 } from "../../../../automation/preflight/rules/F60.ts";
import { rule as F69 } from "../../../../automation/preflight/rules/F69.ts";
import {
    buildAccount, buildPlanEvidence, buildStatesEvidence, buildTrainingEvidence, urnOf,
} from "../../../../automation/preflight/samples.ts";
import type { SampleResource } from "../../../../automation/preflight/samples.ts";

/** Nothing is found, and what could not be looked at is said. */
async function expectOpen(rule: CheckedRule, evidence: Evidence, open: RegExp): Promise<void> {
    expect(rule.applies(evidence), `${rule.id} applies`).to.equal(true);
    const result = await rule.check(evidence);
    expect(result.findings, rule.id).to.deep.equal([]);
    expect(result.open, rule.id).to.match(open);
}

describe("rules about a pipeline", () => {
    it("do not pass a definition that is not known yet", async () => {
        const alarm: SampleResource = {
            type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "alarm",
            inputs: { alarmActions: ["arn:aws:sns:eu-central-1:123456789012:alerts"] },
        };
        const machine: SampleResource = { type: "aws:sfn/stateMachine:StateMachine", name: "pipeline", inputs: { definition: UNKNOWN } };
        const evidence = { ...buildPlanEvidence(alarm, machine), account: buildAccount() };
        for (const rule of [F42, F43, F44, F45, F47, F52, F69]) {
            await expectOpen(rule, evidence, /pipeline.* not known before the deployment/);
        }
    });

    it("do not judge a role and its policies that the program does not have", async () => {
        const train = { Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", End: true };
        await expectOpen(F42, buildStatesEvidence({ Train: train }), /role is not of this program/);
    });

    it("leave channels and comparisons open that are known only when it runs", async () => {
        await expectOpen(F44, buildTrainingEvidence({ "InputDataConfig.$": "$.channels" }), /pipeline\.Train: its channels/);
        const channel = { ChannelName: "train", "ContentType.$": "$.type" };
        await expectOpen(F44, buildTrainingEvidence({ InputDataConfig: [channel] }), /content type/);
        await expectOpen(F45, buildTrainingEvidence({ "InputDataConfig.$": "$.channels" }), /pipeline\.Train: its channels/);
        const judge = { Type: "Choice", Choices: [{ Condition: "{% $states.input.metric > 0.8 %}", Next: "Pass" }], Default: "Reject" };
        await expectOpen(F45, buildStatesEvidence({ Judge: judge }), /pipeline\.Judge: its conditions are in JSONata/);
    });
});

describe("rules about names", () => {
    it("leave a name open of which a part is not known yet", async () => {
        const bucket: SampleResource = { type: "aws:s3/bucket:Bucket", name: "raw", inputs: { bucket: UNKNOWN } };
        await expectOpen(F31, buildPlanEvidence(bucket), /raw.* not known before the deployment/);
    });
});

describe("rules about functions, policies and keys", () => {
    const topic = (kmsMasterKeyId: string, key?: SampleResource): Evidence => {
        const alerts: SampleResource = {
            type: "aws:sns/topic:Topic", name: "alerts", inputs: { kmsMasterKeyId },
            propertyDependencies: key === undefined ? {} : { kmsMasterKeyId: [urnOf(key)] },
        };
        const alarm: SampleResource = {
            type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "errors", propertyDependencies: { alarmActions: [urnOf(alerts)] },
        };
        return buildPlanEvidence(alerts, alarm, ...(key === undefined ? [] : [key]));
    };

    it("leave code open that is not known", async () => {
        const worker: SampleResource = { type: "aws:lambda/function:Function", name: "worker", inputs: { code: UNKNOWN } };
        await expectOpen(F46, buildPlanEvidence(worker), /worker: its code/);
    });

    it("do not take a key of another program for one that refuses", async () => {
        await expectOpen(F49, topic("arn:aws:kms:eu-central-1:123456789012:key/1"), /key is not of this program/);
        const key: SampleResource = { type: "aws:kms/key:Key", name: "key", inputs: { policy: UNKNOWN } };
        await expectOpen(F49, topic("<arn of key>", key), /key: its policy/);
    });

    it("leave policies and numbers open that are not known", async () => {
        const policy: SampleResource = { type: "aws:iam/rolePolicy:RolePolicy", name: "policy", inputs: { policy: UNKNOWN } };
        await expectOpen(F48, buildPlanEvidence(policy), /policy: /);
        await expectOpen(F60, buildPlanEvidence({
            type: "aws:lambda/eventSourceMapping:EventSourceMapping", name: "source",
            inputs: {
                eventSourceArn: "arn:aws:kinesis:eu-central-1:123456789012:stream/records", maximumRetryAttempts: UNKNOWN,
                bisectBatchOnFunctionError: true, functionResponseTypes: ["ReportBatchItemFailures"],
                destinationConfig: { onFailure: { destinationArn: "arn:aws:s3:::processed" } },
            },
        }), /maximumRetryAttempts/);
    });
});
