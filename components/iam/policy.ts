/** Policy documents from plain statements: pure, so that tests and rules read them without an engine. */

export interface Statement {
    /** Letters and digits. */
    readonly sid: string;
    /** @default "Allow" */
    readonly effect?: "Allow" | "Deny";
    readonly actions: readonly string[];
    /** Absent in trust policies. */
    readonly resources?: readonly string[];
    /** By kind: `{ Service: [...] }`, `{ AWS: [...] }`, or everybody. Absent in identity policies. */
    readonly principals?: Readonly<Record<string, readonly string[]>> | "*";
    /** Operator, then key, then values. */
    readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The JSON text of a policy. Keys come in a fixed order, so the same statements give the same text. */
export function buildPolicy(statements: readonly Statement[]): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: statements.map(buildStatement) });
}

function buildStatement(statement: Statement): object {
    return {
        Sid: statement.sid,
        Effect: statement.effect ?? "Allow",
        ...(statement.principals === undefined ? {} : { Principal: statement.principals }),
        Action: statement.actions,
        ...(statement.resources === undefined ? {} : { Resource: statement.resources }),
        ...(statement.conditions === undefined ? {} : { Condition: statement.conditions }),
    };
}
