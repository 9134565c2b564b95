/** One JSON line per event, which CloudWatch Logs Insights can query by field. */

/** Writes an event with its fields. Never pass feature values: they may be personal data. */
export function log(level: "info" | "error", message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const line = JSON.stringify({ level, message, ...fields });
    if (level === "error") console.error(line);
    else console.log(line);
}

/** The whole story of an error: its stack and those of its causes. */
export function describeError(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    const cause = error.cause === undefined ? "" : `\ncaused by ${describeError(error.cause)}`;
    return `${error.stack ?? error.message}${cause}`;
}
