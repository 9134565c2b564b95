/** What IAM refuses in a statement before it asks what it means. */
import type { PlannedResource } from "../../engine/engine.ts";
import { covers } from "../planReading/statements.ts";
import type { Statement } from "../planReading/statements.ts";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATOR = new RegExp("^((ForAnyValue|ForAllValues):)?(String(Not)?(Equals|EqualsIgnoreCase|Like)|Arn(Not)?(Equals|Like)"
    + "|(Numeric|Date)((Not)?Equals|LessThan(Equals)?|GreaterThan(Equals)?)|Bool|BinaryEquals|(Not)?IpAddress)(IfExists)?$|^Null$", "i");
/** As services are called in principals: in China with `.cn`, a few with domains of their own. From memory; the list of all is nowhere. */
const SERVICE = /^([a-z0-9-]+\.)+(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal|(c2s|sc2s|csp)\.[a-z.]+|amazonaws\.eu)$/;

/** @param holder the resource that holds the policy. @default it is not looked at */
export function findGrammarFaults(statement: Statement, holder?: PlannedResource): readonly string[] {
    const { effect, services, conditions, resources } = statement;
    return [
        ...(effect === "Allow" || effect === "Deny" ? [] : [`IAM knows no effect ${effect}`]),
        ...services.filter((service) => !SERVICE.test(service)).map((service) => `${service} is no name of a service`),
        ...Object.keys(conditions).filter((operator) => !OPERATOR.test(operator)).map((operator) => `IAM knows no operator ${operator}`),
        ...(statement.hasNotResource ? [] : findForeignBuckets(resources, holder)),
    ];
}

/** S3 refuses a bucket's policy that speaks of another bucket: "Policy has invalid resource". */
function findForeignBuckets(resources: readonly string[], holder: PlannedResource | undefined): readonly string[] {
    const bucket = holder?.inputs["bucket"];
    if (holder?.type !== "aws:s3/bucketPolicy:BucketPolicy" || typeof bucket !== "string" || bucket.includes("<id of")) return [];
    const isOwn = (resource: string): boolean => {
        const [, name = ""] = /^arn:[^:]*:s3:::([^/]*)/.exec(resource) ?? [];
        return resource.startsWith("<") || /^\*+$/.test(resource) || covers(name, bucket);
    };
    return resources.filter((resource) => !isOwn(resource)).map((resource) => `${resource} is none of the bucket ${bucket}: S3 refuses the policy`);
}
