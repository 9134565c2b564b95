/** The IAM actions behind the commands of AWS's SDK, where a name differs: https://docs.aws.amazon.com/service-authorization/latest/reference/. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A call in the code, and where it stands. */
export interface SdkCall {
    /** `s3:ListBucket`. */
    readonly action: string;
    /** Relative to the project. */
    readonly file: string;
}

const PREFIXES: Readonly<Record<string, string>> = {
    "apigatewayv2": "apigateway", "cloudwatch-logs": "logs", "eventbridge": "events", "resource-groups-tagging-api": "tag", "sagemaker-runtime": "sagemaker",
    "service-quotas": "servicequotas", "sfn": "states",
};

const RENAMED: Readonly<Record<string, string>> = {
    "budgets:DescribeBudget": "budgets:ViewBudget", "budgets:DeleteBudget": "budgets:ModifyBudget", "lambda:Invoke": "lambda:InvokeFunction",
    "s3:DeleteObjects": "s3:DeleteObject", "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration", "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock", "s3:HeadBucket": "s3:ListBucket", "s3:HeadObject": "s3:GetObject",
    "s3:ListBuckets": "s3:ListAllMyBuckets", "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads", "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
};

/** Every command and paginator that files below a folder import by name. */
export function findSdkCalls(projectFolder: string, folder: string): readonly SdkCall[] {
    const files = readdirSync(path.join(projectFolder, folder), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    return files.flatMap((file) => readCalls(path.join(folder, file), readFileSync(path.join(projectFolder, folder, file), "utf8")));
}

function readCalls(file: string, text: string): readonly SdkCall[] {
    const imports = [...text.matchAll(/import \{([^}]*)\} from "@aws-sdk\/client-([a-z0-9-]+)"/g)];
    return imports.flatMap(([, names = "", service = ""]) => names.split(/[\s,]+/).flatMap((name) => {
        // `ListTagsForResourceCommand as ListTopicTagsCommand`: the second word is ours.
        const call = /^paginate(\w+)$/.exec(name)?.[1] ?? /^(\w+)Command$/.exec(name)?.[1];
        return call === undefined || new RegExp(`\\bas ${name}\\b`).test(names) ? [] : [{ action: actionOf(service, call), file }];
    }));
}

function actionOf(service: string, call: string): string {
    const action = `${PREFIXES[service] ?? service}:${call}`;
    // API Gateway's actions are the verbs of HTTP.
    if (service === "apigatewayv2") return `apigateway:${call.startsWith("Get") ? "GET" : "DELETE"}`;
    return RENAMED[action] ?? action;
}
