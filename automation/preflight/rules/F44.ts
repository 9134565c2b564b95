/** F44: every channel of a training job says what it holds. */
import { parametersOf } from "../planReading/definitions.ts";
import type { StateReading } from "../planReading/definitions.ts";
import type { Remark } from "../planReading/remarks.ts";
import { checkStates, findTrainings, hasStates } from "../planReading/states.ts";
import { buildTrainingEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";

interface Channel { readonly ChannelName?: unknown; readonly ContentType?: unknown; readonly "ContentType.$"?: unknown }

/** The container ignores case, and takes a label in the first column alone. Source: aws/sagemaker-xgboost-container, data_utils.py. */
const CSV = /^(text\/)?csv(\s*;\s*(label_size=1|charset=[\w-]+))*$/i;

export const rule = defineRule({
    id: "F44",
    kind: "plan",
    needs: ["plan"],
    title: "Every training channel has its content type",
    story: "The CSV channel had no ContentType. The built-in XGBoost then takes the file for libsvm, and the job failed after its machine "
        + "had been started, with a parser's message that says nothing of the cause.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html",
    prevention: "One function builds every channel, with text/csv in it.",
    fix: "write ContentType: \"text/csv\" into the channel",
    applies: ({ plan }) => hasStates(plan, findTrainings),
    check: (evidence) => checkStates(evidence, findTrainings, judgeChannels),
    mustFind: [
        { title: "a channel without content type", evidence: () => buildEvidence({ ChannelName: "train" }) },
        {
            title: "one channel of two without it",
            evidence: () => buildEvidence({ ChannelName: "train", ContentType: "text/csv" }, { ChannelName: "validation" }),
        },
        {
            title: "the type that the container takes when there is none",
            evidence: () => buildEvidence({ ChannelName: "train", ContentType: "text/libsvm" }),
        },
        {
            title: "a label of two columns",
            evidence: () => buildEvidence({ ChannelName: "train", ContentType: "text/csv;label_size=2" }),
        },
    ],
    mustPass: [
        { title: "CSV", evidence: () => buildEvidence({ ChannelName: "train", ContentType: "text/csv" }) },
        {
            title: "CSV with its label named",
            evidence: () => buildEvidence({ ChannelName: "train", ContentType: "text/csv;label_size=1" }),
        },
    ],
});

/** The pipeline writes CSV, whatever a channel says. */
function judgeChannels(task: StateReading): readonly Remark[] {
    const { InputDataConfig: channels, "InputDataConfig.$": reference } = parametersOf(task);
    if (Array.isArray(channels)) return (channels as readonly Channel[]).flatMap(judgeChannel);
    return channels === undefined && reference === undefined ? [] : [{ open: "its channels are not known before it runs" }];
}

function judgeChannel({ ChannelName: name, ContentType: type, "ContentType.$": reference }: Channel): readonly Remark[] {
    if (reference !== undefined) return [{ open: `the content type of the channel ${String(name)} is not known before it runs` }];
    if (type === undefined) return [{ what: `the channel ${String(name)} has no ContentType, so the container reads it as libsvm` }];
    if (CSV.test(String(type))) return [];
    const what = `the channel ${String(name)} has ContentType ${String(type)}`;
    return [{ what: `${what}, but the pipeline writes CSV, its label in the first column` }];
}

function buildEvidence(...channels: readonly Channel[]) {
    return buildTrainingEvidence({ InputDataConfig: channels });
}
