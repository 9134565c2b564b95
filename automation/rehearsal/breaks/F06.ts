/** F06: a policy that allows more than the work needs. AWS takes it without a word. */
import { editStatements } from "./editStatements.ts";
import type { Break } from "./break.ts";

const PASS_ROLE = "iam:PassRole";

export const broken: Break = {
    id: "F06",
    what: "iam:PassRole is granted on every role and for every service, as a quick fix for an AccessDenied",
    needs: "nothing",
    stopsAt: "audit",
    message: /may pass any role that matches \*/,
    onAws: "at the next security review",
    source: "AWS refuses nothing, and the deployment is green. Asked, IAM Access Analyzer reports PASS_ROLE_WITH_STAR_IN_RESOURCE: "
        + "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
    transformInputs: editStatements((statement) => {
        if (![statement["Action"]].flat().includes(PASS_ROLE)) return statement;
        const { Condition: _condition, ...unconditional } = statement;
        return { ...unconditional, Resource: "*" };
    }),
};
