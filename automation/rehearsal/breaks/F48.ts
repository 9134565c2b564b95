/** F48: a policy names the endpoint with the capitals of the project's name. */
import { editStatements } from "./editStatements.ts";
import type { Break } from "./break.ts";

export const broken: Break = {
    id: "F48",
    what: "the policies name the endpoints as Firstlight-..., with the capital that the project's name has in its documents",
    needs: "model",
    stopsAt: "verify",
    checks: ["golden predictions"],
    message: /not authorized to perform: sagemaker:InvokeEndpoint/,
    onAws: "at the first request: the policy looks right, and never matches",
    source: "https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-stepfunctions-tasks/lib/sagemaker/update-endpoint.ts",
    transformInputs: editStatements((statement) => {
        const resources = [statement["Resource"]].flat().map(String);
        if (![statement["Action"]].flat().includes("sagemaker:InvokeEndpoint")) return statement;
        return { ...statement, Resource: resources.map((arn) => arn.replace(/endpoint\/f/, "endpoint/F")) };
    }),
};
