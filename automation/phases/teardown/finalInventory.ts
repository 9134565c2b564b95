/** The last look of a teardown: nothing may carry the stack's tags any more, and every service has to have been asked. */
import { describeUnseen, surveyAccount } from "../../account/ownedResources.ts";
import type { AccountSurvey, UnseenPart } from "../../account/ownedResources.ts";
import { describeOwned, describePending, forgettingMs } from "../../account/sweep.ts";
import { splitPulumiStack } from "../../../components/environmentName.ts";
import { CloudRefusal, isSdkError, OperatorError } from "../../errors.ts";
import { waitFor } from "../../waiting.ts";
import { paceOf } from "../pace.ts";
import type { PhaseContext } from "../phase.ts";
import type { TeardownAccount } from "./account.ts";

/** Names that one line of an error shows. */
const SHOWN = 30;

/**
 * Lists go on showing for a while what has gone: the last look, when it is as it should be or when there was time enough to forget.
 *
 * @throws CloudRefusal when a service does not answer
 */
export async function surveyUntil(context: PhaseContext, { clients, owner }: TeardownAccount, isRight: (survey: AccountSurvey) => boolean): Promise<AccountSurvey> {
    let survey: AccountSurvey = { resources: [], pending: [], unseen: [] };
    const look = async (): Promise<true | undefined> => {
        survey = await surveyAccount(clients, owner);
        return isRight(survey) ? true : undefined;
    };
    try {
        await waitFor(look, { intervalMs: paceOf(context.aws).intervalMs, limitMs: forgettingMs(clients), signal: context.signal });
    } catch (error) {
        if (!isSdkError(error)) throw error;
        throw new CloudRefusal(
            `the stack ${context.stack} is destroyed, but whether anything of it is left could not be asked: ${error.name}: ${error.message}`,
            `look again with \`${sweepCommand(context.stack)}\``, { cause: error },
        );
    }
    return survey;
}

/**
 * Keys that wait for their deletion are named and not counted.
 *
 * @throws CloudRefusal with what is left
 * @throws OperatorError with what the caller may not list
 */
export async function expectNothing(context: PhaseContext, account: TeardownAccount): Promise<void> {
    const { reporter, stack } = context;
    const survey = await surveyUntil(context, account, ({ resources }) => resources.length === 0);
    for (const line of describePending(survey.pending)) reporter.report({ kind: "note", message: line.trim() });
    for (const part of survey.unseen) reporter.report({ kind: "note", message: describeNotAsked(part) });
    if (survey.resources.length > 0) throw whatIsLeft(stack, survey);
    const denied = survey.unseen.filter(({ isDenied }) => isDenied).map((part) => `  ${describeUnseen(part)}`);
    if (denied.length === 0) return;
    throw new OperatorError(
        `the state of ${stack} is empty, but whether these are left could not be asked, since the credentials may not list them:\n${denied.join("\n")}`,
        `have that allowed, or take credentials that may, and look again with \`${sweepCommand(stack)}\``,
    );
}

function describeNotAsked(part: UnseenPart): string {
    return part.isDenied ? `whether anything is left could not be asked: ${describeUnseen(part)}` : `not asked, since the service does not know the question: ${describeUnseen(part)}`;
}

function whatIsLeft(stack: string, { resources }: AccountSurvey): CloudRefusal {
    const lines = resources.slice(0, SHOWN).map(describeOwned);
    const more = resources.length > SHOWN ? [`  and ${resources.length - SHOWN} more`] : [];
    return new CloudRefusal(
        `the state of ${stack} is empty, but ${resources.length} resources carry its tags:\n${[...lines, ...more].join("\n")}`,
        `look at them with \`${sweepCommand(stack)}\`; the same with --apply deletes them`,
    );
}

/** As somebody would type it. */
function sweepCommand(pulumiStack: string): string {
    const { stack, suffix } = splitPulumiStack(pulumiStack);
    return `node automation/deploy.ts sweep --stack ${stack}${suffix === undefined ? ` --confirm ${stack}` : ` --suffix ${suffix}`}`;
}
