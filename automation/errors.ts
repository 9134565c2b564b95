/** The errors that people can do something about. What becomes of them at the end of a command: errorReport.ts. */

/** Somebody has to change something here before it can work: an option, a file, the configuration. Printed without a stack. */
export class OperatorError extends Error {
    readonly fix: string;

    constructor(what: string, fix: string, options?: ErrorOptions) {
        super(what, options);
        this.name = "OperatorError";
        this.fix = fix;
    }
}

/** The cloud refused, or something that runs there failed: a job, an endpoint, a state machine. Printed without a stack. */
export class CloudRefusal extends Error {
    readonly fix: string | undefined;

    constructor(what: string, fix?: string, options?: ErrorOptions) {
        super(what, options);
        this.name = "CloudRefusal";
        this.fix = fix;
    }
}

/** Another run holds the stack. Nothing was touched. */
export class LockedError extends Error {
    readonly fix: string;

    constructor(what: string, fix: string, options?: ErrorOptions) {
        super(what, options);
        this.name = "LockedError";
        this.fix = fix;
    }
}

/** Everything was asked to end: by Ctrl-C, or because its time was over. Its name is that of every abort, so that whoever waits takes it for one. */
export class InterruptedError extends Error {
    override readonly name = "AbortError";
}

export function isAbort(error: unknown): boolean {
    return error instanceof Error && (error.name === "AbortError" || isAbort(error.cause));
}

/** Errors of the AWS SDK carry the service's fault; where no service answered, what the SDK tried. */
export function isSdkError(error: unknown): error is Error {
    return error instanceof Error && ("$fault" in error || "$metadata" in error);
}
