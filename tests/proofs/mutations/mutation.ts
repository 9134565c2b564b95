/**
 * One thing taken out of the program, as data: it is applied to a plan, to the inputs that unit tests see (through an environment
 * variable), and to what the engine deploys.
 */

export type MutationKind = "statement" | "action" | "protection";

/** The development stack, and staging for what only a stack with a network has. */
export type MutatedStack = "dev" | "staging";

export type Step = string | number;

export type Change =
    /** From a policy's JSON text in `property`. */
    | { readonly op: "dropStatement"; readonly property: string; readonly sid: string }
    | { readonly op: "dropAction"; readonly property: string; readonly sid: string; readonly action: string }
    /** Without `value` the property goes. With `document` the path leads through that property's JSON text. */
    | { readonly op: "set"; readonly document?: string; readonly path: readonly Step[]; readonly value?: string | boolean | number };

export interface Mutation {
    /** Stable, and readable: `pipeline-policy TakeLease`. */
    readonly id: string;
    readonly kind: MutationKind;
    /** Whose program it is found in. */
    readonly stack: MutatedStack;
    readonly type: string;
    /** Of the resource, in the program. */
    readonly resource: string;
    readonly change: Change;
}

/** Carries a mutation, as JSON text, into a process that runs unit tests. */
export const MUTATION_VARIABLE = "FIRSTLIGHT_MUTATION";

interface PolicyDocument { readonly Statement: readonly { readonly Sid: string; readonly Action: readonly string[] }[] }

/** The inputs without what the mutation takes out; the very same object when it is about something else, or about nothing that is there. */
export function mutateInputs<Inputs extends object>(mutation: Mutation, resource: { type: string; name: string }, inputs: Inputs): Inputs {
    if (resource.type !== mutation.type || resource.name !== mutation.resource) return inputs;
    const { change } = mutation;
    if (change.op !== "set") return { ...inputs, ...changeText(inputs, change.property, (document) => withoutPart(document as PolicyDocument, change)) };
    const replace = (value: unknown): unknown => replaceAt(value, change.path, change.value);
    if (change.document === undefined) return replace(inputs) as Inputs;
    return { ...inputs, ...changeText(inputs, change.document, replace) };
}

/** Mocks and plans may hold something else than text there, when the text is not known yet. */
function changeText(inputs: object, property: string, change: (document: unknown) => unknown): object {
    const text = (inputs as Record<string, unknown>)[property];
    return typeof text === "string" ? { [property]: JSON.stringify(change(JSON.parse(text))) } : {};
}

function withoutPart(document: PolicyDocument, change: Exclude<Change, { op: "set" }>): PolicyDocument {
    if (change.op === "dropStatement") return withoutStatement(document, change.sid);
    const Statement = document.Statement.map((statement) => (
        statement.Sid === change.sid ? { ...statement, Action: statement.Action.filter((action) => action !== change.action) } : statement
    ));
    return { ...document, Statement };
}

/** IAM refuses a policy without any statement, so the only one stays, about an action that nobody calls. */
function withoutStatement(document: PolicyDocument, sid: string): PolicyDocument {
    const left = document.Statement.filter(({ Sid }) => Sid !== sid);
    if (left.length > 0 || document.Statement.length !== 1) return { ...document, Statement: left };
    return { ...document, Statement: document.Statement.map((only) => ({ ...only, Action: [`${only.Action[0]?.split(":")[0] ?? "sts"}:NothingAtAll`] })) };
}

/** Copies what lies on the path and nothing else: inputs hold marks and file references that no copy may lose. */
function replaceAt(value: unknown, path: readonly Step[], replacement: string | boolean | number | undefined): unknown {
    const [step, ...rest] = path;
    if (step === undefined) return replacement;
    if (typeof value !== "object" || value === null || !(step in value)) return value;
    if (Array.isArray(value)) {
        const items = value.map((item, index) => (index === step ? replaceAt(item, rest, replacement) : item) as unknown);
        return items.filter((_, index) => index !== step || rest.length > 0 || replacement !== undefined);
    }
    const { [step]: old, ...others } = value as Record<Step, unknown>;
    const changed = replaceAt(old, rest, replacement);
    return changed === undefined ? others : { ...others, [step]: changed };
}

/** What a mutated property is called in an id: `rules.0.bucketKeyEnabled=false`. */
export function describeChange(change: Change): string {
    if (change.op === "dropStatement") return change.sid;
    if (change.op === "dropAction") return `${change.sid} ${change.action}`;
    const path = [...change.document === undefined ? [] : [change.document], ...change.path].join(".");
    return change.value === undefined ? `without ${path}` : `${path}=${String(change.value)}`;
}
