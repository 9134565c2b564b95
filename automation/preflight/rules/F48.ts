/** F48: names in SageMaker's ARNs are lower case. */
import { readRolePolicies, ROLE_POLICY } from "../planReading/policies.ts";
import type { RolePolicyReading } from "../planReading/policies.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

const SAGEMAKER_ARN = /^arn:[^:]*:sagemaker:/;

export const rule = defineRule({
    id: "F48",
    kind: "plan",
    needs: ["plan"],
    title: "Names in SageMaker's ARNs are lower case",
    story: "SageMaker writes the names in its ARNs in lower case, whatever they were created as. A policy for endpoint/TapStack-Inference "
        + "never matched, and every request was refused although the policy looked right.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html",
    prevention: "Names are lower case from the start, and sagemakerArn in components/iam/arns.ts lowers what it is given.",
    fix: "write the name in lower case in the policy, or make the ARN by sagemakerArn (components/iam/arns.ts)",
    applies: ({ plan }) => readRolePolicies(plan).length > 0,
    check({ plan, stack }): CheckResult {
        const policies = readRolePolicies(plan);
        const findings = policies.flatMap((policy) => checkPolicy(policy, stack));
        const unknown = policies.filter(({ statements }) => statements === undefined).map(({ resource }) => resource.name);
        if (findings.length === 0 && unknown.length > 0) {
            return { findings: [], open: `not known before the deployment: ${unknown.join(", ")}` };
        }
        return { findings };
    },
    mustFind: [
        {
            title: "an endpoint with a capital letter",
            evidence: () => buildEvidence("arn:aws:sagemaker:eu-central-1:123456789012:endpoint/Firstlight-Dev"),
        },
        {
            title: "a pattern of training jobs with a capital letter",
            evidence: () => buildEvidence("arn:aws:sagemaker:eu-central-1:123456789012:training-job/TapStack-*"),
        },
    ],
    mustPass: [
        { title: "lower case", evidence: () => buildEvidence("arn:aws:sagemaker:eu-central-1:123456789012:endpoint/firstlight-dev") },
        {
            title: "another service, which keeps capitals",
            evidence: () => buildEvidence("arn:aws:lambda:eu-central-1:123456789012:function:Inference"),
        },
        { title: "a name that the account gives later", evidence: () => buildEvidence("<arn of Endpoint>") },
    ],
});

function checkPolicy({ resource, statements = [] }: RolePolicyReading, stack: string): Finding[] {
    const wrong = statements.flatMap(({ resources }) => resources).filter((arn) => SAGEMAKER_ARN.test(arn) && arn !== arn.toLowerCase());
    return [...new Set(wrong)].map((arn) => ({
        severity: "blocker",
        where: `${stack}/${resource.name}`,
        what: `names ${arn}, which no ARN of SageMaker ever matches`,
        fix: `write ${arn.toLowerCase()}`,
    }));
}

function buildEvidence(resource: string): Evidence {
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: ["sagemaker:InvokeEndpoint"], Resource: resource }] });
    return buildPlanEvidence({ type: ROLE_POLICY, name: "inference-policy", inputs: { policy } });
}
