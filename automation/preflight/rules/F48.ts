/** F48: names in SageMaker's ARNs are lower case. */
import { readPolicies, ROLE_POLICY } from "../planReading/policies.ts";
import type { Statement } from "../planReading/policies.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const SAGEMAKER_ARN = /^arn:[^:]*:sagemaker:/;
/** What stands for something else and keeps its case: `<name of Endpoint>`, `${aws:PrincipalTag/Team}`. */
const STAND_INS = /<[^<>]*>|\$\{[^}]*\}/g;

export const rule = defineRule({
    id: "F48",
    kind: "plan",
    needs: ["plan"],
    title: "Names in SageMaker's ARNs are lower case",
    story: "SageMaker writes the names in its ARNs in lower case, whatever they were created as. A policy for endpoint/TapStack-Inference "
        + "never matched, and every request was refused although the policy looked right.",
    source: "https://github.com/prometheus-community/yet-another-cloudwatch-exporter/pull/1178",
    prevention: "Names are lower case from the start, and sagemakerArn in components/iam/arns.ts lowers what it is given.",
    fix: "write the name in lower case in the policy, or make the ARN by sagemakerArn (components/iam/arns.ts)",
    applies: ({ plan }) => readPolicies(plan).length > 0,
    check: (evidence) => checkEach(
        evidence, readPolicies(evidence.plan).map(({ resource: { name, urn }, statements }) => ({ name, urn, statements })),
        ({ statements }) => (statements === undefined ? [{ open: "it is not known before the deployment" }] : judgeStatements(statements)),
    ),
    mustFind: [
        { title: "an endpoint with a capital letter", evidence: () => buildEvidence({ Resource: `${ARNS}:endpoint/Firstlight-Dev` }) },
        {
            title: "a pattern of training jobs with a capital letter",
            evidence: () => buildEvidence({ Resource: `${ARNS}:training-job/TapStack-*` }),
        },
        {
            title: "a capital letter in a condition",
            evidence: () => buildEvidence({
                Resource: "*", Condition: { ArnLike: { "aws:SourceArn": `${ARNS}:training-job/TapStack-*` } },
            }),
        },
    ],
    mustPass: [
        { title: "lower case", evidence: () => buildEvidence({ Resource: `${ARNS}:endpoint/firstlight-dev` }) },
        {
            title: "another service, which keeps capitals",
            evidence: () => buildEvidence({ Resource: "arn:aws:lambda:eu-central-1:123456789012:function:Inference" }),
        },
        { title: "a name that the account gives later", evidence: () => buildEvidence({ Resource: "<arn of Endpoint>" }) },
        {
            title: "a part of a name that is known later",
            evidence: () => buildEvidence({ Resource: `${ARNS}:endpoint/<name of Endpoint>` }),
        },
    ],
});

/** One finding for a policy: its ARNs come from one name. */
function judgeStatements(statements: readonly Statement[]): readonly Remark[] {
    const conditions = statements.flatMap(({ conditions: each }) => Object.values(each).flatMap((keys) => Object.values(keys).flat()));
    const texts = [...statements.flatMap(({ resources }) => resources), ...conditions.filter((value) => typeof value === "string")];
    const [first, ...others] = new Set(texts.filter((arn) => SAGEMAKER_ARN.test(arn) && hasCapitals(arn)));
    if (first === undefined) return [];
    const more = others.length === 0 ? "" : ` and ${others.length} more with capitals`;
    return [{ what: `names ${first}${more}, which no ARN of SageMaker ever matches`, fix: `write ${first.toLowerCase()}` }];
}

function hasCapitals(arn: string): boolean {
    return /[A-Z]/.test(arn.replaceAll(STAND_INS, ""));
}

const ARNS = "arn:aws:sagemaker:eu-central-1:123456789012";

function buildEvidence(statement: object): Evidence {
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: ["sagemaker:InvokeEndpoint"], ...statement }] });
    return buildPlanEvidence({ type: ROLE_POLICY, name: "inference-policy", inputs: { policy } });
}
