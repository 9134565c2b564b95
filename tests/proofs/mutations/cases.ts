/** Every mutation of the program, found in its two plans. */
import type { PlannedResource } from "../../../automation/engine/engine.ts";
import type { Plans } from "../../../automation/preflight/rule.ts";
import { describeChange } from "./mutation.ts";
import type { Change, Mutation, MutationKind } from "./mutation.ts";

/** Where policies stand, by resource type. */
const POLICY_PROPERTIES: Readonly<Record<string, string>> = {
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:kms/key:Key": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
};

/** Where the jobs of a variant stand in the state machine's definition. */
const VARIANT_STATES = ["States", "TrainVariants", "ItemProcessor", "States"];

type SetChange = Omit<Extract<Change, { op: "set" }>, "op">;

/** What keeps data secret, whole or traceable, and how each is weakened. */
const PROTECTIONS: Readonly<Record<string, readonly SetChange[]>> = {
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
        { path: ["rules", 0] },
        { path: ["rules", 0, "applyServerSideEncryptionByDefault", "kmsMasterKeyId"] },
        { path: ["rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm"], value: "AES256" },
        { path: ["rules", 0, "bucketKeyEnabled"], value: false },
    ],
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [
        { path: ["blockPublicAcls"], value: false },
        { path: ["blockPublicPolicy"], value: false },
        { path: ["ignorePublicAcls"], value: false },
        { path: ["restrictPublicBuckets"], value: false },
    ],
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": [{ path: ["rule", "objectOwnership"], value: "ObjectWriter" }],
    "aws:s3/bucketVersioning:BucketVersioning": [{ path: ["versioningConfiguration", "status"], value: "Suspended" }],
    "aws:dynamodb/table:Table": [
        { path: ["serverSideEncryption"] },
        { path: ["serverSideEncryption", "kmsKeyArn"] },
        { path: ["pointInTimeRecovery", "enabled"], value: false },
    ],
    "aws:cloudwatch/logGroup:LogGroup": [{ path: ["kmsKeyId"] }],
    "aws:lambda/function:Function": [{ path: ["kmsKeyArn"] }],
    "aws:lambda/permission:Permission": [{ path: ["sourceArn"] }],
    "aws:sns/topic:Topic": [{ path: ["kmsMasterKeyId"] }],
    "aws:kms/key:Key": [{ path: ["enableKeyRotation"], value: false }],
    "aws:apigatewayv2/route:Route": [{ path: ["authorizationType"], value: "NONE" }],
    "aws:apigatewayv2/stage:Stage": [{ path: ["accessLogSettings"] }],
    "aws:sfn/stateMachine:StateMachine": [
        { path: ["loggingConfiguration"] },
        { document: "definition", path: [...VARIANT_STATES, "TrainModel", "Parameters", "OutputDataConfig", "KmsKeyId"] },
        { document: "definition", path: [...VARIANT_STATES, "TrainModel", "Parameters", "ResourceConfig", "VolumeKmsKeyId"] },
        { document: "definition", path: [...VARIANT_STATES, "TransformTestSet", "Parameters", "TransformOutput", "KmsKeyId"] },
        { document: "definition", path: [...VARIANT_STATES, "TransformTestSet", "Parameters", "TransformResources", "VolumeKmsKeyId"] },
    ],
};

/** In order of the plan with endpoints on, which holds all that the other one does. */
export function findMutations(plans: Plans): readonly Mutation[] {
    const resources = new Map([...plans.asIs.resources, ...plans.endpointsOn.resources].map((resource) => [resource.urn, resource]));
    return [...resources.values()].filter(({ custom }) => custom).flatMap((resource) => [...mutatePolicy(resource), ...mutateProtections(resource)]);
}

/** @throws Error for a policy that is not known before the deployment: leaving it out would look like a proof. */
function mutatePolicy(resource: PlannedResource): readonly Mutation[] {
    const property = POLICY_PROPERTIES[resource.type];
    if (property === undefined) return [];
    const text = resource.inputs[property];
    if (typeof text !== "string") throw new Error(`${resource.name}: ${property} is not known in the plan, so its statements cannot be removed`);
    const { Statement } = JSON.parse(text) as { Statement: readonly { readonly Sid: string; readonly Action: readonly string[] }[] };
    return Statement.flatMap(({ Sid: sid, Action }) => [
        buildMutation("statement", resource, { op: "dropStatement", property, sid }),
        ...(Action.length > 1 ? Action : []).map((action) => buildMutation("action", resource, { op: "dropAction", property, sid, action })),
    ]);
}

/** A setting that is not there, or already as weak on purpose, cannot be taken away. */
function mutateProtections(resource: PlannedResource): readonly Mutation[] {
    return (PROTECTIONS[resource.type] ?? [])
        .filter((change) => isThere(resource, change))
        .map((change) => buildMutation("encryption", resource, { op: "set", ...change }));
}

function isThere({ inputs }: PlannedResource, { document, path, value }: SetChange): boolean {
    let found: unknown = document === undefined ? inputs : JSON.parse(String(inputs[document]));
    for (const step of path) found = (found as Record<string | number, unknown> | undefined)?.[step];
    return found !== undefined && found !== value;
}

function buildMutation(kind: MutationKind, { type, name }: PlannedResource, change: Change): Mutation {
    return { id: `${name} ${describeChange(change)}`, kind, type, resource: name, change };
}
