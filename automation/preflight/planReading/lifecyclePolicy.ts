/**
 * Lifecycle policies of image repositories, judged as ECR judges them.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html, read on 2026-11-21
 */
type Fields = Readonly<Record<string, unknown>>;

/** Characters. Source: botocore 1.43.106, ecr, LifecyclePolicyText (2026-11-21). */
const MAX_LENGTH = 30_720;
/** In one entry of tagPatternList. */
const MAX_WILDCARDS = 4;
const AGES = ["sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"];

/** What ECR would refuse, each with the rule's priority; empty when it takes the policy. */
export function findLifecycleFaults(document: string): readonly string[] {
    const policy = parseJson(document);
    if (policy === undefined) return ["is no JSON"];
    const { rules } = policy;
    if (!Array.isArray(rules) || rules.length === 0) return ["has no rules"];
    return [
        ...(document.length > MAX_LENGTH ? [`has ${document.length} characters; ECR takes ${MAX_LENGTH}`] : []),
        ...findPriorityFaults(rules as readonly Fields[]),
        ...(rules as readonly Fields[]).flatMap((rule) => findRuleFaults(rule)
            .map((fault) => `rule ${String(rule["rulePriority"])} ${fault}`)),
    ];
}

function parseJson(document: string): Fields | undefined {
    try {
        const value: unknown = JSON.parse(document);
        return typeof value === "object" && value !== null ? value as Fields : undefined;
    } catch {
        return undefined;
    }
}

/** A rule about all images of a storage class comes last among those of the class, so that the others have their turn. */
function findPriorityFaults(rules: readonly Fields[]): readonly string[] {
    const priorities = rules.map(({ rulePriority }) => rulePriority);
    const wrong = priorities.filter((priority) => typeof priority !== "number" || !Number.isInteger(priority) || priority < 1);
    if (wrong.length > 0) return [`has the rulePriority ${JSON.stringify(wrong[0] ?? null)}; it must be a whole number from 1 on`];
    const twice = priorities.filter((priority, index) => priorities.indexOf(priority) !== index);
    const early = rules.filter((rule) => selectionOf(rule)["tagStatus"] === "any" && rules.some((other) => (
        storageOf(other) === storageOf(rule) && Number(other["rulePriority"]) > Number(rule["rulePriority"]))));
    return [
        ...[...new Set(twice)].map((priority) => `has the rulePriority ${String(priority)} twice`),
        ...early.map(({ rulePriority }) => `rule ${String(rulePriority)} is about any image, so it must have the highest rulePriority`),
    ];
}

function findRuleFaults(rule: Fields): readonly string[] {
    const { countType, countUnit, countNumber, storageClass } = selectionOf(rule);
    const faults = [...findTagFaults(selectionOf(rule)), ...findActionFaults((rule["action"] ?? {}) as Fields)];
    const isAge = AGES.includes(String(countType));
    if (!isAge && countType !== "imageCountMoreThan") faults.push(`has the countType ${JSON.stringify(countType ?? null)}`);
    if (isAge && countUnit !== "days") faults.push(`counts ${String(countType)}, and countUnit is not "days"`);
    if (!isAge && countUnit !== undefined) faults.push("counts images, and has a countUnit");
    if (typeof countNumber !== "number" || !Number.isInteger(countNumber) || countNumber < 1) {
        faults.push(`has the countNumber ${JSON.stringify(countNumber ?? null)}`);
    }
    if (countType === "sinceImageTransitioned" && storageClass !== "archive") {
        faults.push("counts sinceImageTransitioned, and storageClass is not \"archive\"");
    }
    return faults;
}

function findTagFaults({ tagStatus, tagPrefixList, tagPatternList }: Fields): string[] {
    const lists = [tagPrefixList, tagPatternList].filter((list) => list !== undefined);
    const hasTags = lists.some((list) => Array.isArray(list) && list.length > 0);
    if (tagStatus === "tagged" && !hasTags) return ["is about tagged images, and has neither tagPatternList nor tagPrefixList"];
    if (tagStatus !== "tagged" && lists.length > 0) return [`is about ${String(tagStatus)} images, and has a list of tags`];
    if (!["tagged", "untagged", "any"].includes(String(tagStatus))) return [`has the tagStatus ${JSON.stringify(tagStatus ?? null)}`];
    const patterns: readonly unknown[] = Array.isArray(tagPatternList) ? tagPatternList : [];
    return patterns.filter((pattern) => String(pattern).split("*").length - 1 > MAX_WILDCARDS)
        .map((pattern) => `has the tag pattern ${String(pattern)}, with more than ${MAX_WILDCARDS} wildcards`);
}

function findActionFaults({ type, targetStorageClass }: Fields): string[] {
    if (type === "expire") return [];
    if (type !== "transition") return [`has the action ${JSON.stringify(type ?? null)}; there are expire and transition`];
    return targetStorageClass === "archive" ? [] : ["moves images, and targetStorageClass is not \"archive\""];
}

function storageOf(rule: Fields): unknown {
    return selectionOf(rule)["storageClass"] ?? "standard";
}

function selectionOf(rule: Fields): Fields {
    return (rule["selection"] ?? {}) as Fields;
}
