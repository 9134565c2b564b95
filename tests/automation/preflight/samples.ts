/** A result with something of everything. */
import type { PreflightResult, RuleFinding } from "../../../automation/preflight/result.ts";

export const BLOCKER: RuleFinding = {
    id: "F28", title: "What needs something first waits for it", severity: "blocker", where: "dev/health-function",
    what: "does not wait for health-logs", fix: "add what is missing to the resource's dependsOn", graph: "with endpoints on",
    urn: "urn:pulumi:dev::firstlight::aws:lambda/function:Function::health-function",
    at: [{ file: "components/compute/lambdaFunction.ts", line: 86 }, { file: "components/inference/inferenceApi.ts", line: 134 }],
};

export const WARNING: RuleFinding = {
    id: "F40", title: "The quota for training and transform machines is enough", severity: "warning", where: "dev/training.instanceType",
    what: "ml.m5.large has a quota of 0", fix: "ask for an increase", setting: "training.instanceType", at: [{ file: "Pulumi.dev.yaml", line: 12 }],
};

export const RESULT: PreflightResult = {
    findings: [BLOCKER, WARNING],
    passed: ["F05", "F06"],
    notChecked: [{ id: "F01", because: "it needs a trained model" }, { id: "F03", because: "it needs a trained model" }, { id: "F12", because: "it needs the account" }],
    notApplicable: ["F21"],
    skipped: [{ id: "F29", because: "no NAT in dev" }],
};
