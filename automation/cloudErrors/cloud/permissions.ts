/** What the caller, or a role of the platform, is not allowed to do. */
import type { ErrorEntry } from "../errorClass.ts";

export const permissionEntries: readonly ErrorEntry[] = [
    {
        id: "managed-rules-denied", failure: "F69",
        words: /is not authorized to create managed-rule/,
        what: "Step Functions refuses the state machine, because its role may not make the EventBridge rules by which Step Functions hears "
            + "that training and transform jobs have ended. The program gives the role these permissions (events:PutRule, events:PutTargets, "
            + "events:DescribeRule on StepFunctionsGetEventsForSageMaker*Rule), so either they are not in force yet, or a service control "
            + "policy or permissions boundary of this account denies them",
        fix: "run it again after a minute; if that does not help, ask whoever governs the account to allow these three actions on rules named "
            + "StepFunctionsGetEventsForSageMaker*",
        source: "https://github.com/nasa/cumulus/pull/2693",
    },
    {
        id: "log-delivery-denied", failure: "F05",
        words: /is not authorized to access the Log Destination/,
        what: "Step Functions refuses the state machine, because its role may not deliver its log. The program gives the role the eight actions "
            + "for that (logs:CreateLogDelivery and its like), so either they are not in force yet, or a policy of this account denies them",
        fix: "run it again after a minute; if that does not help, ask whoever governs the account to allow log deliveries",
        source: "https://github.com/aws/aws-cdk/issues/26432",
    },
    {
        id: "denied-by-organization",
        words: /is not authorized to perform: (?<action>[\w-]{1,64}:\w{1,64})[^\n]{0,600}(?:explicit deny in a|no) service control policy/,
        what: "a service control policy of the organization denies {action} in this account",
        fix: "ask whoever governs the organization to allow it here; nothing inside the account can",
        source: "https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2322",
    },
    {
        id: "denied-by-boundary",
        words: /is not authorized to perform: (?<action>[\w-]{1,64}:\w{1,64})[^]{0,600}(?:explicit deny in a|no) permissions boundary/,
        what: "a permissions boundary denies {action}: an upper limit that somebody set for this caller or role",
        fix: "ask whoever set the boundary to allow it; adding a policy does not help",
        source: "https://github.com/nebari-dev/nebari/issues/2152",
    },
    {
        id: "pass-role-denied",
        words: /is not authorized to perform: iam:PassRole/,
        what: "the caller may not hand a role to a service",
        fix: "allow iam:PassRole on the role that the message names, best on all roles of the stack, to whoever deploys",
        source: "https://github.com/LBHackney-IT/Data-Platform/pull/1992",
    },
    {
        id: "job-tagging-denied", failure: "F42",
        words: /is not authorized to perform: sagemaker:AddTags on resource: [^\n]{0,200}:(?:training|transform)-job\//,
        what: "the state machine's role may not tag the jobs that it starts, which Step Functions does with each. The program gives it that right, "
            + "so either it is not in force yet, or somebody changed the role's policy",
        fix: "run it again after a minute; if that does not help, run `node automation/deploy.ts up --stack STACK`, which puts the policy back",
        source: "https://github.com/aws/aws-cdk/issues/32294",
    },
    {
        id: "action-denied",
        words: /is not authorized to perform: (?<action>[\w-]{1,64}:\w{1,64})/,
        what: "AWS does not allow {action} to the caller that the message names",
        fix: "allow that action on that resource to that caller, and run it again",
        source: "https://github.com/99designs/aws-vault/issues/706",
    },
    {
        id: "state-bucket-denied",
        words: /"\.pulumi\/[^"\n]{0,200}"\) \(code=\w{1,40}\): AccessDenied/,
        what: "the credentials may not read or write the state",
        fix: "look whether they are of the state's account; what they need is listed in docs/state.md, Bootstrap",
        source: "https://github.com/pulumi/pulumi-aws/issues/2201",
    },
];
