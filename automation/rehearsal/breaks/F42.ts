/** F42: the state machine may start training jobs, but not tag them. */
import { editStatements } from "./editStatements.ts";
import type { Break } from "./break.ts";

const TAG = "sagemaker:AddTags";

export const broken: Break = {
    id: "F42",
    what: `the state machine's role follows AWS's own page for .sync jobs, which leaves out ${TAG}`,
    needs: "nothing",
    stopsAt: "train",
    message: /not authorized to perform: sagemaker:AddTags/,
    onAws: "at the training job of the first run",
    source: "https://github.com/aws/aws-cdk/issues/32294",
    transformInputs: editStatements((statement) => {
        const actions = [statement["Action"]].flat();
        const isForJobs = [statement["Resource"]].flat().some((arn) => String(arn).includes(":training-job/"));
        return isForJobs && actions.includes(TAG) ? { ...statement, Action: ["sagemaker:ListTags"] } : statement;
    }),
};
