/** Whose a physical name is, and whether its service takes it: asked by the program as it declares, and by preflight in the plan. */
import { nameRules } from "./facts/nameRules.ts";
import type { NamedType } from "./facts/nameRules.ts";

/** Where a type has its physical name, when not in `name`. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
    "aws:s3/bucket:Bucket": "bucket",
    "aws:cloudwatch/dashboard:Dashboard": "dashboardName",
};

/** Names inside of something else that carries the environment, or that AWS fixes. */
const LOCAL_NAMES = new Set([
    "aws:iam/rolePolicy:RolePolicy", "aws:apigatewayv2/stage:Stage", "aws:apigatewayv2/authorizer:Authorizer",
    "aws:cloudwatch/eventTarget:EventTarget",
]);

/** Which rule the name of a type keeps to. */
const KINDS: Readonly<Record<string, NamedType>> = {
    "aws:apigatewayv2/api:Api": "api",
    "aws:budgets/budget:Budget": "budget",
    "aws:cloudwatch/dashboard:Dashboard": "dashboard",
    "aws:cloudwatch/eventRule:EventRule": "eventRule",
    "aws:cloudwatch/logGroup:LogGroup": "logGroup",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "alarm",
    "aws:cloudwatch/queryDefinition:QueryDefinition": "query",
    "aws:dynamodb/table:Table": "table",
    "aws:ec2/securityGroup:SecurityGroup": "securityGroup",
    "aws:ecr/repository:Repository": "repository",
    "aws:iam/role:Role": "role",
    "aws:kinesis/stream:Stream": "stream",
    "aws:kms/alias:Alias": "alias",
    "aws:lambda/function:Function": "function",
    "aws:s3/bucket:Bucket": "bucket",
    "aws:sagemaker/endpoint:Endpoint": "endpoint",
    "aws:sfn/stateMachine:StateMachine": "stateMachine",
    "aws:sns/topic:Topic": "topic",
    "aws:sqs/queue:Queue": "queue",
    "aws:ssm/parameter:Parameter": "parameter",
};

/** Property that holds the physical name of a resource of this type; undefined when its name cannot meet that of another environment. */
export function namePropertyOf(type: string): string | undefined {
    return type.startsWith("aws:") && !LOCAL_NAMES.has(type) ? NAME_PROPERTY[type] ?? "name" : undefined;
}

/** Why another environment may have the same name; undefined for a name that carries this one, whose names begin with the prefix. */
export function findSharedName(name: string, prefix: string): string | undefined {
    const pieces = [name, name.replace(/^alias\//, ""), name.slice(name.lastIndexOf("/") + 1)];
    const isOurs = pieces.some((piece) => piece === prefix || piece.startsWith(`${prefix}-`) && !piece.startsWith(`${prefix}--`))
        || carriesPath(name, prefix);
    return isOurs ? undefined : `its name ${JSON.stringify(name)} does not begin with ${prefix}-, so another environment may have the same`;
}

/** Why the service would refuse a name; undefined for one that it takes, and for types whose rule is not known here. */
export function findRefusedName(type: string, name: string): string | undefined {
    const kind = KINDS[type];
    if (kind === undefined) return undefined;
    const { maxLength, pattern } = nameRules[kind];
    if (name.length > maxLength) return `its name ${JSON.stringify(name)} has ${name.length} characters; ${maxLength} are taken`;
    return pattern.test(name) ? undefined : `its name ${JSON.stringify(name)} is none that the service takes (${kind}: ${pattern.source})`;
}

/** `/<project>/<environment>/...` says both, too. */
function carriesPath(name: string, prefix: string): boolean {
    return name.startsWith("/") && name.split("/").slice(1, 3).join("-") === prefix;
}
