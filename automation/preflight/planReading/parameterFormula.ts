/**
 * Values of RDS parameters: plain numbers, and formulas such as `{DBInstanceClassMemory*3/32768}` or
 * `LEAST({DBInstanceClassMemory/9531392},5000)`.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html, read on 2026-11-21
 */
const TOKEN = /\s*(\d+|[A-Za-z_]\w*|[{}(),*/])/y;

/** `log` is to the base 2. */
const FUNCTIONS: Readonly<Record<string, (...values: readonly number[]) => number>> = {
    GREATEST: (...values) => Math.max(...values),
    LEAST: (...values) => Math.min(...values),
    SUM: (...values) => values.reduce((sum, value) => sum + value, 0),
    log: (value = Number.NaN) => Math.log2(value),
};

/** Values of variables, e.g. `DBInstanceClassMemory` in bytes. */
export type FormulaVariables = Readonly<Record<string, number>>;

/** The value, rounded down as RDS does it. Undefined when it is no formula, or names a variable that is not given. */
export function evaluateParameter(text: string, variables: FormulaVariables): number | undefined {
    const tokens = readTokens(text);
    if (tokens === undefined) return undefined;
    const reader = { tokens, next: 0, variables };
    const value = readProduct(reader);
    return Number.isNaN(value) || reader.next < tokens.length ? undefined : Math.floor(value);
}

/** Whether a text is a formula that RDS can work out, whatever the values of its variables. */
export function isFormula(text: string): boolean {
    const names = ["DBInstanceClassMemory", "AllocatedStorage", "DBInstanceVCPU", "EndPointPort", "TrueIfReplica"];
    return evaluateParameter(text, Object.fromEntries(names.map((name) => [name, 2 ** 30]))) !== undefined;
}

interface TokenReader { readonly tokens: readonly string[]; next: number; readonly variables: FormulaVariables }

function readTokens(text: string): readonly string[] | undefined {
    const tokens: string[] = [];
    const pattern = new RegExp(TOKEN);
    const trimmed = text.trim();
    while (pattern.lastIndex < trimmed.length) {
        const token = pattern.exec(trimmed)?.[1];
        if (token === undefined) return undefined;
        tokens.push(token);
    }
    return tokens.length === 0 ? undefined : tokens;
}

/** NaN stands for what cannot be read: it makes everything around it NaN. */
function readProduct(reader: TokenReader): number {
    let value = readTerm(reader);
    for (let operator = reader.tokens[reader.next]; operator === "*" || operator === "/"; operator = reader.tokens[reader.next]) {
        reader.next++;
        const right = readTerm(reader);
        value = operator === "*" ? value * right : Math.floor(value / right);
    }
    return value;
}

function readTerm(reader: TokenReader): number {
    const token = reader.tokens[reader.next++] ?? "";
    if (/^\d+$/.test(token)) return Number(token);
    if (token === "{") {
        const value = readProduct(reader);
        return reader.tokens[reader.next++] === "}" ? value : Number.NaN;
    }
    const work = Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined;
    if (work === undefined) return (Object.hasOwn(reader.variables, token) ? reader.variables[token] : undefined) ?? Number.NaN;
    const values = readArguments(reader);
    return values === undefined ? Number.NaN : work(...values);
}

function readArguments(reader: TokenReader): readonly number[] | undefined {
    if (reader.tokens[reader.next++] !== "(") return undefined;
    const values = [readProduct(reader)];
    while (reader.tokens[reader.next] === ",") {
        reader.next++;
        values.push(readProduct(reader));
    }
    return reader.tokens[reader.next++] === ")" ? values : undefined;
}
