/** Whose a physical name is, and whether its service takes it: asked by the program as it declares, and by preflight in the plan. */
import { nameRules } from "./facts/nameRules.ts";
import type { NamedType, NameRule } from "./facts/nameRules.ts";
import { buildPrefix } from "./naming.ts";

/** Where a type has its physical name, when not in `name`. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
    "aws:cloudwatch/dashboard:Dashboard": "dashboardName",
    "aws:cloudwatch/eventTarget:EventTarget": "targetId",
    "aws:ecs/taskDefinition:TaskDefinition": "family",
    "aws:elasticache/cluster:Cluster": "clusterId",
    "aws:elasticache/replicationGroup:ReplicationGroup": "replicationGroupId",
    "aws:lambda/permission:Permission": "statementId",
    "aws:rds/instance:Instance": "identifier",
    "aws:s3/bucket:Bucket": "bucket",
};

/** Names inside of something else that carries the environment, or that others fix. */
const LOCAL_NAMES = new Set([
    "aws:apigatewayv2/authorizer:Authorizer", "aws:apigatewayv2/stage:Stage", "aws:cloudwatch/eventTarget:EventTarget",
    "aws:ecs/service:Service", "aws:iam/rolePolicy:RolePolicy", "aws:lambda/alias:Alias", "aws:lambda/permission:Permission",
    "aws:route53/record:Record",
]);

/** Which rule the name of a type keeps to. */
const KINDS: Readonly<Record<string, NamedType>> = {
    "aws:apigatewayv2/api:Api": "api",
    "aws:apigatewayv2/authorizer:Authorizer": "authorizer",
    "aws:apigatewayv2/stage:Stage": "stage",
    "aws:budgets/budget:Budget": "budget",
    "aws:cloudwatch/dashboard:Dashboard": "dashboard",
    "aws:cloudwatch/eventRule:EventRule": "eventRule",
    "aws:cloudwatch/eventTarget:EventTarget": "eventTarget",
    "aws:cloudwatch/logGroup:LogGroup": "logGroup",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "alarm",
    "aws:cloudwatch/queryDefinition:QueryDefinition": "query",
    "aws:dynamodb/table:Table": "table",
    "aws:ec2/securityGroup:SecurityGroup": "securityGroup",
    "aws:ecr/repository:Repository": "repository",
    "aws:ecs/cluster:Cluster": "cluster",
    "aws:ecs/service:Service": "cluster",
    "aws:ecs/taskDefinition:TaskDefinition": "taskFamily",
    "aws:elasticache/replicationGroup:ReplicationGroup": "cacheGroup",
    "aws:elasticache/subnetGroup:SubnetGroup": "cacheSubnetGroup",
    "aws:iam/role:Role": "role",
    "aws:iam/rolePolicy:RolePolicy": "inlinePolicy",
    "aws:kinesis/stream:Stream": "stream",
    "aws:kms/alias:Alias": "alias",
    "aws:lambda/function:Function": "function",
    "aws:lambda/permission:Permission": "statement",
    "aws:lb/loadBalancer:LoadBalancer": "loadBalancer",
    "aws:lb/targetGroup:TargetGroup": "targetGroup",
    "aws:rds/instance:Instance": "database",
    "aws:rds/parameterGroup:ParameterGroup": "databaseParameterGroup",
    "aws:rds/subnetGroup:SubnetGroup": "databaseSubnetGroup",
    "aws:s3/bucket:Bucket": "bucket",
    "aws:sagemaker/endpoint:Endpoint": "endpoint",
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": "endpoint",
    "aws:sagemaker/model:Model": "endpoint",
    "aws:secretsmanager/secret:Secret": "secret",
    "aws:sfn/stateMachine:StateMachine": "stateMachine",
    "aws:sns/topic:Topic": "topic",
    "aws:sqs/queue:Queue": "queue",
    "aws:ssm/parameter:Parameter": "parameter",
};

/** Property that holds the physical name of a resource of this type. */
export function namePropertyOf(type: string): string {
    return NAME_PROPERTY[type] ?? "name";
}

/** Whether the name of such a resource could meet that of another environment, and has to say which one it is of. */
export function carriesEnvironment(type: string): boolean {
    return type.startsWith("aws:") && !LOCAL_NAMES.has(type);
}

/** Why another environment may have the same name; undefined for a name that carries this one, whose names begin with the prefix. */
export function findSharedName(type: string, name: string, prefix: string): string | undefined {
    const pieces = [name, name.replace(/^alias\//, ""), name.slice(name.lastIndexOf("/") + 1)];
    const isOurs = pieces.some((piece) => piece === prefix || piece.startsWith(`${prefix}-`) && !piece.startsWith(`${prefix}--`))
        || carriesPath(name, prefix) || isShortened(type, name, prefix);
    return isOurs ? undefined : `its name ${JSON.stringify(name)} does not begin with ${prefix}-, so another environment may have the same`;
}

/** The rule that the name of a resource of this type keeps to; undefined for types whose rule is not known here. */
export function nameRuleOf(type: string): NameRule | undefined {
    const kind = KINDS[type];
    return kind === undefined ? undefined : nameRules[kind];
}

/** Why the service would refuse a name; undefined for one that it takes, and for types whose rule is not known here. */
export function findRefusedName(type: string, name: string): string | undefined {
    const rule = nameRuleOf(type);
    if (rule === undefined) return undefined;
    const { maxLength, pattern } = rule;
    if (name.length > maxLength) return `its name ${JSON.stringify(name)} has ${name.length} characters; ${maxLength} are taken`;
    if (pattern.test(name)) return undefined;
    return `its name ${JSON.stringify(name)} is none that the service takes (${KINDS[type]}: ${pattern.source})`;
}

/** `/<project>/<environment>/...` says both, too; secrets have them the other way round. */
function carriesPath(name: string, prefix: string): boolean {
    const [first = "", second = "", ...rest] = name.replace(/^\//, "").split("/");
    return rest.length > 0 && (buildPrefix(first, second) === prefix || buildPrefix(second, first) === prefix);
}

/** The most that a shortened name stays below its maximum: two hyphens at the cut, and a stand-in for the random part. */
const SLACK = 3;
/** The beginning of the name and the hash of the whole; buckets have their place and the random part after it. */
const SHORTENED = /^(?<kept>.+?)-[0-9a-f]{6}(?:-\d{12}-[a-z0-9-]+-(?:[0-9a-f]{6}|<hex6>))?$/;

/** Where there is no room for the whole prefix, or not for its two hyphens, a hash stands for what is left out (naming.ts). */
function isShortened(type: string, name: string, prefix: string): boolean {
    const { kept } = SHORTENED.exec(name)?.groups ?? {};
    const rule = nameRuleOf(type);
    if (kept === undefined || rule === undefined) return false;
    const begin = rule.isSingleHyphened === true ? prefix.replaceAll("--", "-") : prefix;
    if (begin !== prefix && kept.startsWith(`${begin}-`)) return true;
    return rule.maxLength - name.length <= SLACK && begin.startsWith(kept);
}
