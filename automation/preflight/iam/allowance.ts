/** Whether a role's policies allow what has to be done, as IAM decides it: some Allow, and no Deny. */
import { covers } from "../planReading/statements.ts";
import type { Statement } from "../planReading/statements.ts";
import { couldName } from "./arnPatterns.ts";
import { canHold } from "./conditions.ts";
import type { RequestContext } from "./conditions.ts";

export interface RequiredAction {
    readonly action: string;
    /** The ARN it is done on, with `${...}` for parts that the run chooses; otherwise any resource is good enough. */
    readonly on?: string;
    /** What the request is known to carry. @default whatever the statement asks for */
    readonly context?: RequestContext;
    /** What it is done for: "RunTraining waits for its job". */
    readonly because: string;
}

/** Of requests by services with a role: nobody logged in with a second factor, and they come by TLS. */
const OF_SERVICES: RequestContext = { "aws:multifactorauthpresent": null, "aws:multifactorauthage": null, "aws:securetransport": ["true"] };

/** False when it is certain that the request is refused. */
export function isAllowed(required: RequiredAction, statements: readonly Statement[]): boolean {
    return !statements.some((statement) => statement.effect === "Deny" && surelyFits(statement, required))
        && statements.some((statement) => statement.effect === "Allow" && mayFit(statement, required));
}

function mayFit(statement: Statement, { action, on, context }: RequiredAction): boolean {
    return meetsAction(statement, action) && meetsResource(statement, on) && canHold(statement.conditions, { ...OF_SERVICES, ...context });
}

/** A Deny under a condition may be for others; one on some resources counts where the resource is known. */
function surelyFits(statement: Statement, { action, on }: RequiredAction): boolean {
    if (Object.keys(statement.conditions).length > 0 || !meetsAction(statement, action)) return false;
    if (statement.hasNotResource) return on !== undefined && !on.includes("${") && !statement.resources.some((resource) => names(resource, on));
    return statement.resources.some((resource) => resource === "*" || (on !== undefined && !on.includes("${") && covers(resource, on)));
}

function meetsAction({ actions, hasNotAction }: Statement, action: string): boolean {
    return actions.some((pattern) => covers(pattern, action)) !== hasNotAction;
}

function meetsResource({ resources, hasNotResource }: Statement, on: string | undefined): boolean {
    if (on === undefined) return true;
    return hasNotResource ? !resources.some((resource) => covers(resource, on)) : resources.some((resource) => names(resource, on));
}

/** The stand-in of a planned resource (`<arn of s3-key>`) is as good as its ARN, when both say it. */
function names(resource: string, on: string): boolean {
    return on.startsWith("<") ? covers(resource, on) : couldName(resource, on);
}
