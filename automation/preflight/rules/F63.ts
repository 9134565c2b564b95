/** F63: a job that is tried again has another name. */
import { findTasks, parametersOf, readDefinitions, STATE_MACHINE } from "../planReading/definitions.ts";
import type { StateReading } from "../planReading/definitions.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildStatesEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

/** Jobs whose names SageMaker never gives free, and where the name stands. */
const JOBS: Readonly<Record<string, string>> = {
    createTrainingJob: "TrainingJobName", createTransformJob: "TransformJobName", createProcessingJob: "ProcessingJobName",
    createHyperParameterTuningJob: "HyperParameterTuningJobName",
};
/** Errors under which a job that ran and failed is reported too. */
const FAILED_JOB = ["States.ALL", "States.TaskFailed", "States.Timeout"];

export const rule = defineRule({
    id: "F63",
    kind: "plan",
    needs: ["plan"],
    title: "Every try of a job has a name of its own",
    story: "The job's name came from the execution. A job that failed was tried again under the same name, which SageMaker never gives "
        + "free: the run ended with ResourceInUse, and the reason of the first failure was lost. A redrive met the same wall.",
    source: "https://github.com/aws/aws-step-functions-data-science-sdk-python/issues/140",
    prevention: "One function makes all names of a run, from its id, the retry count and the redrive count.",
    fix: "put $$.State.RetryCount and $$.Execution.RedriveCount into the name, and retry on throttling and capacity only",
    applies: (evidence) => machinesOf(evidence).some(({ jobs }) => jobs === undefined || jobs.length > 0),
    check: (evidence) => checkEach(evidence, machinesOf(evidence), ({ jobs }): readonly Remark[] => {
        if (jobs === undefined) return [{ open: "its definition is not known before the deployment" }];
        return jobs.flatMap(checkJob);
    }),
    mustFind: [
        { title: "one name for all runs", evidence: () => buildEvidence({ TrainingJobName: "firstlight-dev" }) },
        {
            title: "one name for all tries",
            evidence: () => buildEvidence({ "TrainingJobName.$": "States.Format('{}-{}', $$.Execution.Name, $$.Execution.RedriveCount)" }),
        },
        {
            title: "one name for all redrives",
            evidence: () => buildEvidence({ "TrainingJobName.$": "States.Format('dev-{}-{}', $.runId, $$.State.RetryCount)" }),
        },
        {
            title: "a name of counts alone",
            evidence: () => buildEvidence({ "TrainingJobName.$": `States.Format('dev-{}-{}', ${COUNTS})` }),
        },
        { title: "a retry of jobs that failed", evidence: () => buildEvidence({ "TrainingJobName.$": NAME }, ["States.TaskFailed"]) },
        { title: "no name", evidence: () => buildEvidence({}) },
    ],
    mustPass: [
        { title: "a name with run, try and redrive", evidence: () => buildEvidence({ "TrainingJobName.$": NAME }) },
        { title: "the same in JSONata", evidence: () => buildEvidence({ TrainingJobName: NAME_IN_JSONATA }) },
        {
            title: "a job that is never tried again within a run",
            evidence: () => buildEvidence({ "TrainingJobName.$": "States.Format('dev-{}-{}', $.runId, $$.Execution.RedriveCount)" }, []),
        },
    ],
});

interface Machine { readonly name: string; readonly urn: string; readonly jobs: readonly Job[] | undefined }

interface Job { readonly task: StateReading; readonly property: string }

function machinesOf({ plan }: Having<"plan">): readonly Machine[] {
    return readDefinitions(plan).filter(({ resource }) => resource.type === STATE_MACHINE).map(({ resource: { name, urn }, states }) => ({
        name, urn,
        jobs: states && Object.entries(JOBS).flatMap(([action, property]) => findTasks(states, action).map((task) => ({ task, property }))),
    }));
}

function checkJob({ task, property }: Job): readonly Remark[] {
    const parameters = parametersOf(task);
    const name = parameters[`${property}.$`] ?? parameters[property];
    if (typeof name !== "string" || name === "") return [{ what: `${task.name} gives the job no ${property}` }];
    if (!(`${property}.$` in parameters) && !name.startsWith("{%")) {
        return [{ what: `${task.name} calls every job ${name}: the second run is refused` }];
    }
    const retried = errorsOf(task);
    const twins = [
        ...(retried.length > 0 && !name.includes("State.RetryCount") ? ["of the next try (no $$.State.RetryCount)"] : []),
        ...(name.includes("Execution.RedriveCount") ? [] : ["of a redriven run (no $$.Execution.RedriveCount)"]),
        ...(saysRun(name) ? [] : ["of another run (nothing but counts)"]),
    ];
    return [
        ...twins.map((twin) => ({ what: `${task.name} gives the job the same name as the one ${twin}` })),
        ...retried.filter((error) => FAILED_JOB.includes(error)).map((error) => ({
            severity: "warning" as const,
            what: `${task.name} tries again on ${error}, which is also a job that ran and failed: it runs, and costs, again`,
        })),
    ];
}

/** Whether anything of the run is in the name: from its input, or of the execution. */
function saysRun(name: string): boolean {
    const rest = name.replaceAll(/\$\$?[\w.]*\.(RetryCount|RedriveCount)/g, "");
    return /\$\.\w|\$states\.input|Execution\.(Id|Name|StartTime)|States\.UUID|\$uuid/.test(rest);
}

function errorsOf({ fields }: StateReading): readonly string[] {
    const retriers = (fields["Retry"] ?? []) as readonly { readonly ErrorEquals?: readonly string[] }[];
    return retriers.flatMap(({ ErrorEquals = [] }) => ErrorEquals);
}

const COUNTS = "$$.State.RetryCount, $$.Execution.RedriveCount";
const NAME_IN_JSONATA = "{% $join([$states.input.runId, $string($states.context.State.RetryCount), "
    + "$string($states.context.Execution.RedriveCount)], '-') %}";
const NAME = `States.Format('dev-{}-{}-{}', $.runId, ${COUNTS})`;

function buildEvidence(parameters: object, errors: readonly string[] = ["SageMaker.ResourceLimitExceededException"]): Evidence {
    const Retry = errors.length === 0 ? [] : [{ ErrorEquals: errors, IntervalSeconds: 60, MaxAttempts: 3 }];
    const task = { Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", Parameters: parameters, Retry, End: true };
    return buildStatesEvidence({ TrainModel: task });
}
