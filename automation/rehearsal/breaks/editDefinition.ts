/** Changes states of the pipeline's definition, wherever they stand, and wherever the definition is already known. */
import type { InputTransformation } from "../../engine/embedded/inputTransformation.ts";
import { STATE_MACHINE } from "../../preflight/planReading/definitions.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** What a task hands over. */
export function editParameters(state: Fields, edit: (parameters: Fields) => Fields): Fields {
    return { ...state, Parameters: edit(state["Parameters"] as Fields) };
}

/** @param edit gets each state by its name, those inside of maps and branches too, and gives what is to stand there */
export function editDefinition(edit: (name: string, state: Fields) => Fields): InputTransformation {
    return ({ type }, inputs) => {
        const { definition } = inputs;
        if (type !== STATE_MACHINE || typeof definition !== "string") return inputs;
        return { ...inputs, definition: JSON.stringify(editMachine(JSON.parse(definition) as Fields, edit)) };
    };
}

function editMachine(machine: Fields, edit: (name: string, state: Fields) => Fields): Fields {
    const states = Object.entries(machine["States"] as Readonly<Record<string, Fields>>);
    return { ...machine, States: Object.fromEntries(states.map(([name, state]) => [name, edit(name, openInner(state, edit))])) as Fields };
}

function openInner(state: Fields, edit: (name: string, state: Fields) => Fields): Fields {
    const { ItemProcessor: processor, Branches: branches } = state;
    return {
        ...state,
        ...(processor === undefined ? {} : { ItemProcessor: editMachine(processor as Fields, edit) }),
        ...(branches === undefined ? {} : { Branches: (branches as readonly Fields[]).map((branch) => editMachine(branch, edit)) }),
    };
}
