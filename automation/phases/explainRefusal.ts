/** What some refusals of AWS mean, where AWS's own words do not say it: what is not allowed, by whom, and who can change that. */
import { EngineError } from "../engine/engine.ts";
import { CloudRefusal } from "../errors.ts";

interface Explanation {
    /** AWS's words, in all the wrappings that engines put around them. */
    readonly words: RegExp;
    readonly what: string;
    readonly fix: string;
}

const EXPLANATIONS: readonly Explanation[] = [
    {
        // https://github.com/terraform-aws-modules/terraform-aws-step-functions/issues/41
        words: /is not authorized to create managed-rule/,
        what: "Step Functions refuses the state machine, because its role may not make the EventBridge rules by which Step Functions hears "
            + "that training and transform jobs have ended. The program gives the role these permissions (events:PutRule, events:PutTargets, "
            + "events:DescribeRule on StepFunctionsGetEventsForSageMaker*Rule), so either they are not in force yet, or a service control "
            + "policy or permissions boundary of this account denies them",
        fix: "run it again after a minute; if that does not help, ask whoever governs the account to allow these three actions on rules named "
            + "StepFunctionsGetEventsForSageMaker*",
    },
    {
        words: /is not authorized to access the Log Destination/,
        what: "Step Functions refuses the state machine, because its role may not deliver its log. The program gives the role the eight actions "
            + "for that (logs:CreateLogDelivery and its like), so either they are not in force yet, or a policy of this account denies them",
        fix: "run it again after a minute; if that does not help, ask whoever governs the account to allow log deliveries",
    },
];

/** The error itself, or one that explains it: the engine's own words come after what they mean. */
export function explainRefusal(error: unknown): unknown {
    if (!(error instanceof EngineError)) return error;
    const found = EXPLANATIONS.find(({ words }) => words.test(error.message));
    return found === undefined ? error : new CloudRefusal(`${found.what}.\n  AWS says: ${error.message}`, found.fix, { cause: error });
}
