/** F36: an ARN in the state machine's policy names the region in which it was first written. */
import { editStatements } from "./editStatements.ts";
import type { Break } from "./break.ts";

const RULE = /:rule\/StepFunctionsGetEventsForSageMaker/;
/** A region that no stack of a rehearsal is in. */
const ELSEWHERE = "sa-east-1";

export const broken: Break = {
    id: "F36",
    what: `the rules by which Step Functions hears of jobs are allowed in ${ELSEWHERE} only, as the policy was copied from there`,
    needs: "nothing",
    stopsAt: "up",
    message: /not authorized to create managed-rule/,
    onAws: "at the state machine's create",
    source: "https://github.com/terraform-aws-modules/terraform-aws-step-functions/issues/41",
    transformInputs: editStatements((statement) => {
        const resources = [statement["Resource"]].flat().map(String);
        if (!resources.some((arn) => RULE.test(arn))) return statement;
        return { ...statement, Resource: resources.map((arn) => arn.replace(/^(arn:[^:]*:events:)[^:]*/, `$1${ELSEWHERE}`)) };
    }),
};
