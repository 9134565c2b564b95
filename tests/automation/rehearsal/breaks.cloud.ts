/**
 * All failures on demand, in one cloud with one trained model for all that need no stack of their own, as `npm run rehearse -- --break all`
 * does it.
 */
import path from "node:path";
import { expect } from "chai";
import type { Break } from "../../../automation/rehearsal/breaks/break.ts";
import { broken as F49 } from "../../../automation/rehearsal/breaks/F49.ts";
import { BREAKS, rehearseBreaks } from "../../../automation/rehearsal/breaks/rehearseBreaks.ts";
import type { BreaksResult } from "../../../automation/rehearsal/breaks/rehearseBreaks.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { createRecordingReporter } from "../../../automation/progress/reporters.ts";
import { readStackSettings } from "../../../automation/stackSettings.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..", "..");

interface Expected {
    readonly phase: string;
    readonly message: string;
    readonly finding: string;
    /** @default "blocker" */
    readonly severity?: "warning";
}

const EXPECTED: Readonly<Record<string, Expected>> = {
    F01: { phase: "enable-endpoints", message: "Failed to extract model data archive", finding: "zip archive" },
    F02: { phase: "enable-endpoints", message: "Cannot create already existing endpoint", finding: "Deleting" },
    F03: { phase: "enable-endpoints", message: "did not pass the ping health check", finding: "no trained model" },
    F05: { phase: "up", message: "not authorized to access the Log Destination", finding: "logs:PutResourcePolicy" },
    F06: { phase: "audit", message: "may pass any role", finding: "may pass any role" },
    F08: { phase: "enable-endpoints", message: "did not pass the ping health check", finding: "model/xgboost-model" },
    F09: { phase: "enable-endpoints", message: "where the transform job said", finding: "written by XGBoost 3.2.0" },
    F10: { phase: "enable-endpoints", message: "Could not find model data at s3://", finding: "does not exist" },
    F12: { phase: "enable-endpoints", message: "sum to 100", finding: "must be whole numbers that sum to 100" },
    F27: { phase: "up", message: "Table already exists: firstlight-ab-tests", finding: "does not begin with firstlight-dev-" },
    F28: { phase: "up", message: "is not authorized to", finding: "does not wait for" },
    F29: { phase: "train", message: "has a route to an S3 VPC endpoint", finding: "no gateway endpoint for s3" },
    F36: { phase: "up", message: "is not authorized to create managed-rule", finding: "names arn:aws:events:sa-east-1:" },
    F40: { phase: "train", message: "ResourceLimitExceeded", finding: "is 0 (what every account has), and the first run needs 2", severity: "warning" },
    F41: { phase: "enable-endpoints", message: "account-level service limit", finding: "is 3 (what every account has), and the two endpoints take 4", severity: "warning" },
    F42: { phase: "train", message: "is not authorized to perform: sagemaker:AddTags", finding: "may not sagemaker:AddTags" },
    F43: { phase: "train", message: "The value for the field 'num_round' must be a STRING", finding: "must be a text" },
    F44: { phase: "train", message: "is not 'LIBSVM' format", finding: "has no ContentType" },
    F45: { phase: "train", message: "Invalid path '$.evaluation.metrics.validation_auc'", finding: "has no validation channel" },
    F46: { phase: "verify", message: "415", finding: "application/json" },
    F47: { phase: "train", message: "Metric 'auc' can only be applied for classification", finding: "refuses eval_metric auc" },
    F48: { phase: "verify", message: "sagemaker:InvokeEndpoint", finding: "no ARN of SageMaker ever matches" },
    F49: { phase: "audit", message: "no message came", finding: "cloudwatch.amazonaws.com may not" },
};

/** The audit of F49 on a stack in which nothing is broken: it must hear the alarm, or its silence would say nothing. */
const { transformInputs: _change, ...sound } = F49;
const CONTROL: Break = { ...sound, id: "F00", what: "nothing" };

describe("failures on demand", () => {
    const { events, report } = createRecordingReporter();
    let result: BreaksResult;

    before(async function rehearseAll() {
        this.timeout(900_000);
        const { python } = await preparePythonEnvironment({ folder: PROJECT });
        // Before one that needs a sound stack anyway.
        result = await rehearseBreaks(BREAKS.flatMap((each) => (each.id === "F40" ? [CONTROL, each] : [each])), {
            projectFolder: PROJECT, settings: await readStackSettings(PROJECT, "dev"),
            dataFile: path.join(PROJECT, "data", "customer-churn.csv"),
            python, reporter: { report }, signal: new AbortController().signal,
        });
    });

    it("are those that are promised", () => {
        expect(BREAKS.map(({ id }) => id).sort()).to.deep.equal(Object.keys(EXPECTED));
    });

    for (const [id, { phase, message, finding, severity = "blocker" }] of Object.entries(EXPECTED)) {
        it(`${id} is found by its rule, and breaks ${phase === "audit" ? "nothing but a review" : phase}`, () => {
            const outcome = result.outcomes.find((each) => each.id === id);
            expect(outcome?.surprises).to.deep.equal([]);
            expect(outcome?.finding?.what).to.include(finding);
            expect(outcome?.finding?.severity).to.equal(severity);
            expect(outcome?.failure?.phase).to.equal(phase);
            expect(outcome?.failure?.message).to.include(message);
            expect(outcome?.source).to.match(/https:\/\/|field report/);
        });
    }

    it("are found by audits that find nothing when nothing is broken", () => {
        const outcome = result.outcomes.find(({ id }) => id === CONTROL.id);
        expect(outcome?.surprises).to.deep.equal(["the rule F00 found nothing", "nothing broke; expected at audit"]);
    });

    it("train once for all", () => {
        expect(events.filter((event) => event.kind === "phase" && event.phase === "train" && event.status === "done")).to.have.length(1);
    });

    it("leave nothing behind", () => {
        expect(result.leftovers).to.deep.equal([]);
    });
});
