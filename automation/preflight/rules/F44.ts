/** F44: every channel of a training job says what it holds. */
import { findTasks, parametersOf, readDefinitions } from "../planReading/definitions.ts";
import type { StateReading } from "../planReading/definitions.ts";
import { buildTrainingEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Finding } from "../rule.ts";

interface Channel { readonly ChannelName?: unknown; readonly ContentType?: unknown }

export const rule = defineRule({
    id: "F44",
    kind: "plan",
    needs: ["plan"],
    title: "Every training channel has its content type",
    story: "The CSV channel had no ContentType. The built-in XGBoost then takes the file for libsvm, and the job failed after its machine "
        + "had been started, with a parser's message that says nothing of the cause.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html",
    prevention: "One function builds every channel, with text/csv in it.",
    fix: "give the channel ContentType text/csv",
    applies: ({ plan }) => readDefinitions(plan)
        .some(({ states = [] }) => findTasks(states, "createTrainingJob").length > 0),
    check({ plan, stack }): CheckResult {
        const definitions = readDefinitions(plan);
        if (definitions.length === 0) return { findings: [], open: "there is no plan" };
        const findings = definitions.flatMap(({ resource, states = [] }) => findTasks(states, "createTrainingJob")
            .flatMap((task) => checkTask(task, `${stack}/${resource.name}`)));
        return { findings };
    },
    mustFind: [
        { title: "a channel without content type", evidence: () => buildTrainingEvidence({ InputDataConfig: [{ ChannelName: "train" }] }) },
        {
            title: "one channel of two without it",
            evidence: () => buildTrainingEvidence({
                InputDataConfig: [{ ChannelName: "train", ContentType: "text/csv" }, { ChannelName: "validation" }],
            }),
        },
        {
            title: "the type that the container takes when there is none",
            evidence: () => buildTrainingEvidence({ InputDataConfig: [{ ChannelName: "train", ContentType: "text/libsvm" }] }),
        },
    ],
    mustPass: [
        { title: "CSV", evidence: () => buildTrainingEvidence({ InputDataConfig: [{ ChannelName: "train", ContentType: "text/csv" }] }) },
        {
            title: "CSV with its label named",
            evidence: () => buildTrainingEvidence({ InputDataConfig: [{ ChannelName: "train", ContentType: "text/csv;label_size=1" }] }),
        },
    ],
});

/** The pipeline writes CSV, whatever a channel says. */
function checkTask(task: StateReading, machine: string): Finding[] {
    const channels = (parametersOf(task)["InputDataConfig"] ?? []) as readonly Channel[];
    return channels.filter(({ ContentType: type }) => !(typeof type === "string" && /^(text\/)?csv\b/.test(type)))
        .map(({ ChannelName: name, ContentType: type }): Finding => ({
        severity: "blocker", where: `${machine}.${task.name}`,
        what: type === undefined
            ? `the channel ${String(name)} has no ContentType, so the container reads it as libsvm`
            : `the channel ${String(name)} says ${String(type)}, but the pipeline writes CSV`,
    }));
}
