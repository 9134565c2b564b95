/** ARNs of resources whose names we choose, built from partition, region and account. */
import type { Location } from "../context.ts";

function buildArn(location: Location, service: string, resource: string): string {
    return `arn:${location.partition}:${service}:${location.region}:${location.accountId}:${resource}`;
}

export function accountRootArn({ partition, accountId }: Location): string {
    return `arn:${partition}:iam::${accountId}:root`;
}

/** Without the trailing `:*`. */
export function logGroupArn(location: Location, name: string): string {
    return buildArn(location, "logs", `log-group:${name}`);
}

/** Buckets are named without region and account. */
export function bucketArn({ partition }: Location, name: string): string {
    return `arn:${partition}:s3:::${name}`;
}

export function parameterArn(location: Location, name: string): string {
    return buildArn(location, "ssm", `parameter${name}`);
}

export function stateMachineArn(location: Location, name: string): string {
    return buildArn(location, "states", `stateMachine:${name}`);
}

/** `name` may be a pattern: executions that a rule starts have names that EventBridge chooses. */
export function executionArn(location: Location, stateMachineName: string, name: string): string {
    return buildArn(location, "states", `execution:${stateMachineName}:${name}`);
}

export function eventRuleArn(location: Location, name: string): string {
    return buildArn(location, "events", `rule/${name}`);
}

export function alarmArn(location: Location, name: string): string {
    return buildArn(location, "cloudwatch", `alarm:${name}`);
}

/** Budgets belong to the account, in no region. */
export function budgetArn({ partition, accountId }: Location, name: string): string {
    return `arn:${partition}:budgets::${accountId}:budget/${name}`;
}

/** Of tables whose names match, and of their indexes. */
export function tableArnPattern(location: Location, name: string): string {
    return buildArn(location, "dynamodb", `table/${name}`);
}

/** The id is given by EC2. */
export function flowLogArn(location: Location, id: string): string {
    return buildArn(location, "ec2", `vpc-flow-log/${id}`);
}

/** SageMaker writes names in lower case into ARNs, whatever the case they were created with. */
export function sagemakerArn(
    location: Location,
    kind: "endpoint" | "endpoint-config" | "model" | "training-job" | "transform-job",
    name: string,
): string {
    return buildArn(location, "sagemaker", `${kind}/${name.toLowerCase()}`);
}

/** `id` may be a pattern: network interfaces have ids that EC2 chooses. */
export function ec2Arn(location: Location, kind: "network-interface" | "security-group" | "subnet", id: string): string {
    return buildArn(location, "ec2", `${kind}/${id}`);
}

/** ARN of a Step Functions service integration, e.g. `lambda:invoke`. */
export function integrationArn(location: Location, integration: string): string {
    return `arn:${location.partition}:states:::${integration}`;
}
