/** Whether a state is written in its query language: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
import type { StateFields } from "./definitions.ts";
import type { Fault } from "./remarks.ts";
import { listOf } from "./stateGraph.ts";

/** Fields that Step Functions takes in one of its two languages only. */
const JSONATA_FIELDS = ["Arguments", "Output", "Items"];
const JSONPATH_FIELDS = [
    "Parameters", "ResultSelector", "ResultPath", "InputPath", "OutputPath", "ItemsPath", "ErrorPath", "CausePath", "SecondsPath",
    "TimestampPath", "TimeoutSecondsPath",
];

export function findLanguageFaults(name: string, state: StateFields, language: "JSONPath" | "JSONata"): readonly Fault[] {
    const { ItemProcessor: _, Iterator: __, Branches: ___, ...own } = state;
    const foreign = (language === "JSONata" ? JSONPATH_FIELDS : JSONATA_FIELDS)
        .filter((field) => [own, ...listOf(own["Catch"])].some((part) => field in part))
        .map((field) => `${name} has ${field}, which is not of its language`);
    const texts = textsOf(own);
    const expressions = texts.filter(({ text }) => text.startsWith("{%"));
    return [
        ...foreign,
        ...(language === "JSONPath" && expressions.length > 0 ? [`${name} has an expression in JSONata, which is not its language`] : []),
        ...expressions.filter(({ text }) => !text.endsWith("%}")).map(() => `${name} has an expression that does not end`),
        ...texts.filter(({ field, text }) => language === "JSONPath" && field.endsWith(".$") && !/^(\$|States\.)/.test(text))
            .map(({ field, text }) => `${name} has ${field.slice(0, -2)} ${JSON.stringify(text)}, which is neither a path nor a function`),
    ].map((what) => ({ what }));
}

interface FieldText { readonly field: string; readonly text: string }

/** All texts, however deep, each with the name of the field that holds it. */
function textsOf(value: unknown, field = ""): readonly FieldText[] {
    if (typeof value === "string") return [{ field, text: value }];
    if (Array.isArray(value)) return value.flatMap((item: unknown) => textsOf(item, field));
    return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([name, item]) => textsOf(item, name)) : [];
}
