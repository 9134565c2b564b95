/** All failures on demand, in one cloud with one trained model, as `npm run rehearse -- --break all` does it. */
import path from "node:path";
import { expect } from "chai";
import { BREAKS, rehearseBreaks } from "../../../automation/rehearsal/breaks/rehearseBreaks.ts";
import type { BreaksResult } from "../../../automation/rehearsal/breaks/rehearseBreaks.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { createRecordingReporter } from "../../../automation/reporters.ts";
import { readStackSettings } from "../../../automation/stackSettings.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..", "..");
const EXPECTED: Readonly<Record<string, { readonly phase: string; readonly message: string; readonly finding: string }>> = {
    F01: { phase: "enable-endpoints", message: "Failed to extract model data archive", finding: "zip archive" },
    F02: { phase: "enable-endpoints", message: "Cannot create already existing endpoint", finding: "Deleting" },
    F03: { phase: "enable-endpoints", message: "did not pass the ping health check", finding: "no trained model" },
    F05: { phase: "up", message: "not authorized to access the Log Destination", finding: "logs:PutResourcePolicy" },
    F06: { phase: "audit", message: "may pass any role", finding: "may pass any role" },
    F08: { phase: "enable-endpoints", message: "did not pass the ping health check", finding: "model/xgboost-model" },
    F09: { phase: "verify", message: "golden predictions differ", finding: "written by XGBoost 3.2.0" },
    F10: { phase: "enable-endpoints", message: "Could not find model data at s3://", finding: "does not exist" },
};

describe("failures on demand", () => {
    const { events, report } = createRecordingReporter();
    let result: BreaksResult;

    before(async function rehearseAll() {
        this.timeout(600_000);
        const { python } = await preparePythonEnvironment({ folder: PROJECT });
        result = await rehearseBreaks(BREAKS, {
            projectFolder: PROJECT, settings: await readStackSettings(PROJECT, "dev"), dataFile: path.join(PROJECT, "data", "customer-churn.csv"),
            python, reporter: { report }, signal: new AbortController().signal,
        });
    });

    it("are the eight that are promised", () => {
        expect(BREAKS.map(({ id }) => id).sort()).to.deep.equal(Object.keys(EXPECTED));
    });

    for (const [id, { phase, message, finding }] of Object.entries(EXPECTED)) {
        it(`${id} is found by its rule, and breaks ${phase === "audit" ? "nothing but a review" : phase}`, () => {
            const outcome = result.outcomes.find((each) => each.id === id);
            expect(outcome?.surprises).to.deep.equal([]);
            expect(outcome?.finding?.what).to.include(finding);
            expect(outcome?.finding?.severity).to.equal("blocker");
            expect(outcome?.failure?.phase).to.equal(phase);
            expect(outcome?.failure?.message).to.include(message);
            expect(outcome?.source).to.match(/https:\/\//);
        });
    }

    it("train once for all", () => {
        expect(events.filter((event) => event.kind === "phase" && event.phase === "train" && event.status === "done")).to.have.length(1);
    });

    it("leave nothing behind", () => {
        expect(result.leftovers).to.deep.equal([]);
    });
});
