/** The schema of the Amazon States Language, as asl-validator has it, and what has to be done about its false alarms. */
import { createRequire } from "node:module";
import type { StateFields } from "./definitions.ts";

/** The package brings no types of its own. It writes the language of each state into what it is given. */
type Validate = (definition: unknown, options: { readonly checkPaths: boolean; readonly checkArn: boolean }) => {
    readonly errors: readonly { readonly Message: string; readonly schemaError?: { readonly instancePath: string } }[];
};

/** Every alternative of a state is reported, also those that it is not meant to be: the earlier of these say nothing beside another place. */
const ALTERNATIVES = [/\/QueryLanguage$/, /\/Type$/];
const SHOWN_CHARACTERS = 80;
/** Both graphs, and the program's runs in one process, have the same definition: half a second for each look is saved. */
const judged = new Map<string, readonly string[]>();

/** The package is loaded, and its schema compiled, by the first definition: that takes longer than all other rules. */
export function loadSchema(): void {
    validate({ StartAt: "End", States: { End: { Type: "Succeed" } } });
}

function validate(definition: unknown): ReturnType<Validate> {
    const validator = createRequire(import.meta.url)("asl-validator") as Validate;
    // ARNs are looked at elsewhere: the package knows three partitions, and no function whose ARN is not known yet.
    return validator(definition, { checkPaths: true, checkArn: false });
}

/** One sentence per place where the definition is not as the language wants it; empty when it is. */
export function findSchemaFaults(definition: string): readonly string[] {
    const known = judged.get(definition);
    if (known !== undefined) return known;
    const { errors } = validate(JSON.parse(definition, readable));
    const places = errors.map(({ Message, schemaError }) => ({ message: Message, path: schemaError?.instancePath ?? "" }));
    const telling = ALTERNATIVES.reduce((left, alternative) => {
        const others = left.filter(({ path }) => !alternative.test(path));
        return others.length === 0 ? left : others;
    }, places);
    const faults = [...new Set(telling.map(({ message, path }) => (path === "" ? message : describe(path, definition))))];
    judged.set(definition, faults);
    return faults;
}

/**
 * What the package refuses and Step Functions takes: lines within a text, no blank beside the marks of an expression, and the empty text.
 * Each is written in the way that both take, which changes nothing about whether it can be read.
 */
function readable(_: string, value: unknown): unknown {
    if (typeof value !== "string") return value;
    const text = value.replace(/[\r\n]+/g, " ").replace(/^\{%(?! )/, "{% ").replace(/(?<! )%\}$/, " %}");
    return text === "" ? "-" : text;
}

/** `/States/Train/Parameters/x.$` as people read it, with what stands there. */
function describe(place: string, definition: string): string {
    const steps = place.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    let found: unknown = JSON.parse(definition);
    for (const step of steps) found = typeof found === "object" && found !== null ? (found as StateFields)[step] : undefined;
    const within = steps.filter((step, index) => step !== "States" && (step !== "ItemProcessor" || steps[index + 1] !== "States"));
    return `${within.join(".")} is not as the language wants it: ${shorten(found)}`;
}

/** An object by the names of its fields: one of them is wrong, missing, or of another type of state. */
function shorten(value: unknown): string {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return `it has ${Object.keys(value).join(", ")}`;
    const text = value === undefined ? "it is missing" : JSON.stringify(value);
    return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}
