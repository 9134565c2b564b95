/** F69: the organization lets Step Functions hear of the jobs that it waits for. */
import type { Plan } from "../../engine/engine.ts";
import type { AccountView } from "../account/accountView.ts";
import { findTasks, readDefinitions } from "../planReading/definitions.ts";
import { findPlace } from "../planReading/place.ts";
import { buildAccount, buildStatesEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

/** By which Step Functions hears of each kind of job. https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html */
const MANAGED_RULES: Readonly<Record<string, string>> = {
    createTrainingJob: "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
    createTransformJob: "StepFunctionsGetEventsForSageMakerTransformJobsRule",
    createHyperParameterTuningJob: "StepFunctionsGetEventsForSageMakerTuningJobsRule",
};
const ACTIONS = ["events:PutRule", "events:PutTargets", "events:DescribeRule"];

export const rule = defineRule({
    id: "F69",
    kind: "account",
    needs: ["plan", "account"],
    title: "The organization lets Step Functions hear of the jobs that it waits for",
    story: "Step Functions makes EventBridge rules of its own to hear of the ends of jobs. An organization's policy denied events:PutRule, "
        + "and CreateStateMachine failed with \"is not authorized to create managed-rule\"; the fault was looked for in the role's policy, "
        + "where there was none.",
    source: "https://github.com/terraform-aws-modules/terraform-aws-step-functions/issues/41",
    prevention: "The pipeline's role has the three actions on these rules alone, which is little to ask for.",
    fix: "ask whoever governs the organization to allow these actions on rules named StepFunctionsGetEventsForSageMaker*",
    applies: ({ plan }) => managedRulesOf(plan).length > 0 || unknownOf(plan).length > 0,
    async check({ stack, plan, account }): Promise<CheckResult> {
        const place = findPlace(plan);
        if (place === undefined) return { findings: [], open: "the plan does not say which account it is for" };
        const looks = await Promise.all(managedRulesOf(plan).map(async ({ machine, name }) => {
            const resourceArn = `arn:${place.partition}:events:${place.region}:${place.account}:rule/${name}`;
            return { machine, name, denied: await account.deniedByOrganization({ actions: ACTIONS, resourceArn }) };
        }));
        const findings = looks.filter(({ denied }) => denied.length > 0).map(({ machine, name, denied }): Finding => ({
            // Step Functions asks as the pipeline's role: a policy may make a difference between that and the caller.
            severity: "warning", where: `${stack}/${machine.name}`, urn: machine.urn,
            what: `a policy of the organization denies ${denied.join(", ")} on the rule ${name} to the caller, and so, as far as can be `
                + "told, to the state machine's role",
        }));
        const unknown = unknownOf(plan);
        if (unknown.length === 0) return { findings };
        return { findings, open: `the definition of ${unknown.join(", ")} is not known before the deployment` };
    },
    mustFind: [
        { title: "an organization that denies rules of EventBridge", evidence: () => buildEvidence(["events:PutRule"]) },
        { title: "one that denies them for transform jobs alone", evidence: () => buildEvidence(["events:PutRule"], "TransformJobs") },
    ],
    mustPass: [
        { title: "an organization that allows them", evidence: () => buildEvidence([]) },
    ],
});

/** Of the tasks that wait for their job. */
function managedRulesOf(plan: Plan): readonly { readonly machine: Plan["resources"][number]; readonly name: string }[] {
    return readDefinitions(plan).flatMap(({ resource, states = [] }) => Object.entries(MANAGED_RULES)
        .filter(([action]) => findTasks(states, action).some(({ fields }) => String(fields["Resource"]).endsWith(".sync")))
        .map(([, name]) => ({ machine: resource, name })));
}

function unknownOf(plan: Plan): readonly string[] {
    return readDefinitions(plan).filter(({ states }) => states === undefined).map(({ resource }) => resource.name);
}

function buildEvidence(denied: readonly string[], only = ""): Evidence {
    const task = (action: string, next: object): object => (
        { Type: "Task", Resource: `arn:aws:states:::sagemaker:${action}.sync`, ...next });
    const evidence = buildStatesEvidence({
        Train: task("createTrainingJob", { Parameters: { KmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/1" }, Next: "Transform" }),
        Transform: task("createTransformJob", { End: true }),
    });
    const deniedByOrganization: AccountView["deniedByOrganization"] = async ({ resourceArn }) => (resourceArn.includes(only) ? denied : []);
    return { ...evidence, account: buildAccount({ deniedByOrganization }) };
}
