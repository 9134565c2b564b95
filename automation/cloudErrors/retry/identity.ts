/** New roles, policies and keys: they spread through AWS within seconds, now and then within a minute. */
import type { ErrorEntry } from "../errorClass.ts";

const AGAIN = "run it again";

export const identityEntries: readonly ErrorEntry[] = [
    {
        id: "function-role-not-yet-assumable",
        words: /role defined for the function cannot be assumed by Lambda/,
        what: "Lambda does not know the new role yet: changes of IAM spread within seconds, now and then within a minute",
        fix: `${AGAIN}; if that does not help, look whether the role trusts lambda.amazonaws.com`,
        source: "https://github.com/nficano/python-lambda/issues/28",
    },
    {
        id: "state-machine-role-not-yet-assumable",
        words: /Neither the global service principal [^\n]{1,120} is authorized to assume the provided role/,
        what: "Step Functions or EventBridge does not know the new role yet",
        fix: `${AGAIN}; if that does not help, look whether the role trusts states.amazonaws.com`,
        source: "https://github.com/lumigo-io/lumigo-CLI/issues/83",
    },
    {
        id: "sagemaker-role-not-yet-assumable",
        words: /Could not assume role \S{1,300}\. Please ensure that the role exists|SageMaker was unable to assume the role/,
        what: "SageMaker does not know the new role yet",
        fix: `${AGAIN}; if that does not help, look whether the role trusts sagemaker.amazonaws.com`,
        source: "https://github.com/awslabs/predictive-maintenance-using-machine-learning/issues/3",
    },
    {
        id: "rule-role-not-yet-assumable",
        words: /Provided role '[^'\n]{1,300}' cannot be assumed by principal/,
        what: "EventBridge does not know the new role yet",
        fix: `${AGAIN}; if that does not help, look whether the role trusts events.amazonaws.com`,
        source: "https://github.com/Miserlou/Zappa/issues/381",
    },
    {
        id: "principal-not-yet-known",
        words: /Invalid principal in policy|one or more invalid principals/,
        what: "a policy names a role that its service does not know yet",
        fix: `${AGAIN}; if that does not help, somebody deleted a role that a policy names: the next up makes it again`,
        source: "https://github.com/cookiecutter-openedx/cookiecutter-openedx-devops/issues/62",
    },
    {
        id: "stream-role-not-yet-allowed",
        words: /Please ensure the role can perform the GetRecords/,
        what: "Lambda may not read the stream yet: the policy of the consumer's role is not in force everywhere",
        fix: `${AGAIN}; if that does not help, look whether the consumer's role may kinesis:GetRecords and use the stream's key`,
        source: "https://github.com/Miserlou/Zappa/pull/417",
    },
    {
        id: "log-key-not-yet-usable", failure: "F50",
        words: /specified KMS key does not exist or is not allowed to be used with|specified KMS Key Id could not be found/,
        what: "CloudWatch Logs may not use the new key yet, or the key's policy does not name logs.REGION.amazonaws.com",
        fix: `${AGAIN}; if that does not help, look whether the key's policy was changed outside of this program`,
        source: "https://github.com/hashicorp/terraform-provider-aws/issues/29282",
    },
];
