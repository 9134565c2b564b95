/** F05: the state machine's role lacks one of the eight permissions of log delivery. */
import { editStatements } from "./editStatements.ts";
import type { Break } from "./break.ts";

const LOST = "logs:PutResourcePolicy";

export const broken: Break = {
    id: "F05",
    what: `the state machine's role loses ${LOST}, one of the eight actions of log delivery`,
    needs: "nothing",
    stopsAt: "up",
    message: /not authorized to access the Log Destination/,
    onAws: "a minute into the state machine's create, when the provider gives up",
    source: "https://github.com/aws/aws-cdk/issues/26432",
    transformInputs: editStatements((statement) => {
        const actions = Array.isArray(statement["Action"]) ? statement["Action"] : [statement["Action"]];
        return actions.includes(LOST) ? { ...statement, Action: actions.filter((action) => action !== LOST) } : statement;
    }),
};
