/** F50: CloudWatch Logs may use the key of each log group, in the region of the log group. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import { covers, parseStatements } from "../planReading/policies.ts";
import type { Statement } from "../planReading/policies.ts";
import { findPlace } from "../planReading/place.ts";
import type { Place } from "../planReading/place.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const KEY = "aws:kms/key:Key";
const KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy";
const CONTEXT = "kms:EncryptionContext:aws:logs:arn";
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
const NEEDED = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey"];

export const rule = defineRule({
    id: "F50",
    kind: "plan",
    needs: ["plan"],
    title: "CloudWatch Logs may use the keys of the log groups",
    story: "The key's policy named CloudWatch Logs of another region, or not at all. The log group was refused with \"The specified KMS "
        + "key does not exist or is not allowed to be used\", and so was every function that waited for its log group.",
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    prevention: "The key's policy is built from the stack's region and the folders of all log groups (components/data/encryptionKeys.ts).",
    fix: "let logs.<region>.amazonaws.com use the key in its policy, for log groups whose ARN matches the condition",
    applies: (evidence) => encryptedGroups(evidence).length > 0,
    check(evidence) {
        const { plan } = evidence;
        const groups = encryptedGroups(evidence);
        const keys = plan.resources.filter(({ type }) => type === KEY);
        const users = new Map(keys.map((key) => [key.urn, groups.filter((group) => usesKey(group, key))]));
        const used = keys.filter(({ urn }) => users.get(urn)?.length !== 0);
        const foreign = groups.filter((group) => !keys.some((key) => usesKey(group, key)));
        const place = findPlace(plan);
        return checkEach(evidence, [...used, ...foreign], (resource): readonly Remark[] => {
            if (resource.type === LOG_GROUP) return [{ open: "its key is not of this program" }];
            if (place === undefined) return [{ open: "no resource says in which region it is" }];
            return checkKey(resource, users.get(resource.urn) ?? [], { plan, place });
        });
    },
    mustFind: [
        { title: "a key that knows nobody but the account", evidence: () => buildEvidence({ service: "s3.amazonaws.com" }) },
        {
            title: "a key that knows CloudWatch Logs of another region",
            evidence: () => buildEvidence({ service: "logs.us-east-1.amazonaws.com" }),
        },
        {
            title: "a key that may not encrypt",
            evidence: () => buildEvidence({ actions: ["kms:Decrypt*", "kms:ReEncrypt*", "kms:Describe*"] }),
        },
        { title: "a key for other log groups", evidence: () => buildEvidence({ condition: `${GROUPS}:/aws/states/dev-*` }) },
        {
            title: "a key for the log groups of another region",
            evidence: () => buildEvidence({ condition: "arn:aws:logs:us-east-1:123456789012:log-group:*" }),
        },
    ],
    mustPass: [
        { title: "a key for these log groups", evidence: () => buildEvidence({}) },
        { title: "a key for all log groups", evidence: () => buildEvidence({ condition: undefined }) },
        { title: "a key whose policy is a resource of its own", evidence: () => buildEvidence({ isApart: true }) },
    ],
});

function encryptedGroups({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type, inputs }) => type === LOG_GROUP && inputs["kmsKeyId"] !== undefined);
}

function usesKey({ propertyDependencies }: PlannedResource, { urn }: PlannedResource): boolean {
    return (propertyDependencies["kmsKeyId"] ?? []).includes(urn);
}

/** One remark for all log groups that have the same to say. */
function checkKey(
    key: PlannedResource, groups: readonly PlannedResource[], { plan, place }: { readonly plan: Plan; readonly place: Place },
): readonly Remark[] {
    const apart = plan.resources.find(({ type, propertyDependencies }) => type === KEY_POLICY
        && (propertyDependencies["keyId"] ?? []).includes(key.urn));
    const document = (apart ?? key).inputs["policy"];
    if (document === UNKNOWN) return [{ open: "its policy is not known before the deployment" }];
    const statements = parseStatements(document) ?? [];
    const named = groups.filter(({ inputs: { name, region } }) => name !== UNKNOWN && region !== UNKNOWN);
    const problems = Map.groupBy(named, (group) => findProblem(group, statements, place));
    const faults = [...problems].flatMap(([problem, { length, 0: first }]) => {
        const names = `${first?.name ?? ""}${length === 1 ? "" : ` and ${length - 1} more`}`;
        return problem === undefined ? [] : [{ what: `encrypts ${names}, but ${problem}` }];
    });
    if (named.length === groups.length) return faults;
    return [...faults, { open: "the name of a log group that it encrypts is not known before the deployment" }];
}

function findProblem({ inputs }: PlannedResource, statements: readonly Statement[], place: Place): string | undefined {
    const region = String(inputs["region"] ?? place.region);
    const regional = statements.filter(({ effect, services }) => effect === "Allow"
        && services.some((service) => isLogsOf(service, region)));
    if (regional.length === 0) {
        const others = statements.flatMap(({ services }) => services).filter((service) => service.startsWith("logs."));
        return `does not let CloudWatch Logs of ${region} in${others.length === 0 ? "" : `, only ${others.join(", ")}`}`;
    }
    const arn = `arn:${place.partition}:logs:${region}:${place.account}:log-group:${String(inputs["name"])}`;
    const fitting = regional.filter((statement) => isFor(statement, arn));
    if (fitting.length === 0) return "lets CloudWatch Logs in for log groups of other names only";
    const missing = NEEDED.filter((action) => !fitting.some(({ actions }) => actions.some((pattern) => covers(pattern, action))));
    return missing.length === 0 ? undefined : `does not allow CloudWatch Logs ${missing.join(", ")}`;
}

/** Whatever the partition's domain: `logs.cn-north-1.amazonaws.com.cn`. */
function isLogsOf(service: string, region: string): boolean {
    return service.startsWith(`logs.${region}.amazonaws.`);
}

function isFor({ conditions }: Statement, arn: string): boolean {
    const patterns = Object.values(conditions).filter((keys) => CONTEXT in keys).map((keys) => [keys[CONTEXT]].flat().map(String));
    return patterns.every((values) => values.some((value) => covers(value, arn)));
}

const GROUPS = "arn:aws:logs:eu-central-1:123456789012:log-group";

interface SampleArgs {
    readonly service?: string;
    readonly actions?: readonly string[];
    readonly condition?: string | undefined;
    readonly isApart?: boolean;
}

function buildEvidence(sample: SampleArgs): Evidence {
    const { service = "logs.eu-central-1.amazonaws.com", isApart = false } = sample;
    const { actions = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"] } = sample;
    const condition = "condition" in sample ? sample.condition : `${GROUPS}:/aws/lambda/firstlight-dev-*`;
    const statement = {
        Effect: "Allow", Principal: { Service: [service] }, Action: actions, Resource: "*",
        ...(condition === undefined ? {} : { Condition: { ArnLike: { [CONTEXT]: [condition] } } }),
    };
    const policy = JSON.stringify({ Statement: [statement] });
    const key: SampleResource = { type: KEY, name: "lambda-key", inputs: isApart ? {} : { policy } };
    const alarmActions = ["one", "two"].map((name) => `arn:aws:sns:eu-central-1:123456789012:${name}`);
    return buildPlanEvidence(
        { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "errors", inputs: { alarmActions } },
        key,
        { type: KEY_POLICY, name: "lambda-key-policy", inputs: { policy }, propertyDependencies: isApart ? { keyId: [urnOf(key)] } : {} },
        {
            type: LOG_GROUP, name: "inference-logs",
            inputs: { name: "/aws/lambda/firstlight-dev-inference", kmsKeyId: "<arn of lambda-key>" },
            propertyDependencies: { kmsKeyId: [urnOf(key)] },
        },
    );
}
