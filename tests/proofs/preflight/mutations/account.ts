/** What is wrong in the account, at the place where the state lies, and in the settings. */
import type { ElasticAddress } from "../../../../automation/preflight/account/accountView.ts";
import type { OwnedResource } from "../../../../automation/account/ownedResource.ts";
import { AB_TEST_ID } from "../../../../lambdas/shared/documents.ts";
import { answer, set } from "../draft.ts";
import type { Edit } from "../draft.ts";
import type { PreflightMutation } from "../mutation.ts";

const TAGS = { Project: "firstlight", Environment: "dev", ManagedBy: "Pulumi" };
const ABROAD = "eu-west-1";

function runAt(runner: { readonly isCi?: boolean; readonly backendUrl: string }): Edit {
    return ({ evidence }) => { evidence.runner = { isCi: false, ...runner }; };
}

function setQuota(pattern: RegExp, value: number): Edit {
    return answer({ quota: async (_service, name) => ({ value: pattern.test(name) ? value : 1000, isDefault: true }) });
}

const ADDRESSES = Array.from({ length: 5 }, (_, index): ElasticAddress => (
    { allocationId: `eipalloc-${index}`, publicIp: `192.0.2.${index}`, holder: `instance i-${index}`, tags: {} }));
const LEFT_OVER: OwnedResource = {
    arn: "arn:aws:dynamodb:us-east-1:111122223333:table/firstlight-dev-ab-tests", type: "aws:dynamodb/table:Table",
    id: "firstlight-dev-ab-tests", label: "firstlight-dev-ab-tests", tags: TAGS,
};

export const accountMutations: readonly PreflightMutation[] = [
    {
        rule: "F02", words: "an endpoint of that name is being deleted", where: "champion-endpoint",
        edits: [answer({ endpointNamed: async (name) => (name.endsWith("champion") ? { status: "Deleting", tags: TAGS } : undefined) })],
    },
    {
        rule: "F12", words: "weights that sum to 110", where: "ab-tests", occasion: "deployed",
        edits: [answer({ abTest: async () => ({ TestId: AB_TEST_ID, Weights: { champion: 90, challenger: 20 }, Revision: 1 }) })],
    },
    {
        rule: "F14", words: "a backend that Pulumi does not have", where: "backend", edits: [runAt({ backendUrl: "consul://states" })],
        command: { environment: { PULUMI_BACKEND_URL: "consul://states" } },
    },
    {
        rule: "F14", words: "a table of locks beside the state", where: "backend",
        edits: [runAt({ backendUrl: "s3://firstlight-states?region=us-east-1&dynamodb_table=locks" })],
        command: { environment: { PULUMI_BACKEND_URL: "s3://firstlight-states?region=us-east-1&dynamodb_table=locks" } },
    },
    {
        rule: "F22", words: "a table of somebody else under a planned name", where: "model-metadata-table",
        edits: [answer({ existing: async ({ inputs }) => (inputs["name"] === "firstlight-dev-model-metadata"
            ? { id: "firstlight-dev-model-metadata", outputs: {}, tags: { Project: "other" }, isOurs: false } : undefined) })],
    },
    {
        rule: "F22", words: "a table of ours that the state does not know", where: "ab-tests-table", occasion: "deployed",
        edits: [
            ({ evidence }) => { evidence.state = evidence.state?.filter(({ name }) => name !== "ab-tests-table") ?? []; },
            answer({
                owned: async () => [LEFT_OVER],
                existing: async ({ inputs }) => (inputs["name"] === LEFT_OVER.id ? { id: LEFT_OVER.label, outputs: {}, tags: TAGS, isOurs: true } : undefined),
            }),
        ],
    },
    {
        rule: "F32", words: "all five addresses are taken", stack: "staging", where: "network-1",
        edits: [answer({ addresses: async () => ADDRESSES, quota: async (_service, name) => ({ value: name === "EC2-VPC Elastic IPs" ? 5 : 1000, isDefault: true }) })],
    },
    {
        rule: "F32", words: "ten log policies of others", where: "pipeline-state-machine",
        edits: [answer({ logPolicies: async () => Array.from({ length: 10 }, (_, index) => ({ name: `policy-${index}`, sizeBytes: 500 })) })],
    },
    { rule: "F33", words: "there is no bucket for the state", where: "backend", edits: [answer({ bucket: async () => undefined })] },
    { rule: "F33", words: "the bucket for the state keeps no versions", where: "backend", edits: [answer({ bucket: async () => ({ region: "us-east-1", isVersioned: false, isEncrypted: true }) })] },
    {
        rule: "F39", words: "the state lies on the disk of a CI job", where: "backend", edits: [runAt({ isCi: true, backendUrl: "file:///build/state" })],
        command: { environment: { PULUMI_BACKEND_URL: "file:///build/state", CI: "true", GITHUB_ACTIONS: "true" } },
    },
    {
        rule: "F39", words: "the state is empty and the stack is there", where: "state", edits: [answer({ owned: async () => [LEFT_OVER] })],
        also: { F22: "the same table, with the line that takes it into the state" },
    },
    { rule: "F40", words: "no quota for training machines", where: "training.instanceType", edits: [setQuota(/for (spot )?training job usage/, 0)] },
    { rule: "F41", words: "a quota for one serverless endpoint", where: "inference.endpoints", edits: [setQuota(/^Number of serverless endpoints/, 1)] },
    {
        rule: "F51", words: "the models lie in another region", where: "models", occasion: "deployed",
        edits: [answer({ bucket: async (name) => ({ region: name.includes("models") ? ABROAD : "us-east-1", isVersioned: true, isEncrypted: true }) })],
    },
    {
        rule: "F53", words: "five executions are kept for one function, in an account of ten", where: "inference-function",
        edits: [set("inference-function", "reservedConcurrentExecutions", 5), answer({ functionConcurrency: async () => ({ limit: 10, unreserved: 10 }) })],
    },
    {
        rule: "F66", words: "nobody has said that alerts reach them", where: "alerts-topic", occasion: "deployed",
        edits: [answer({ subscriptions: async () => ({ confirmed: 0, unconfirmed: ["ops@example.com"] }) })],
    },
    {
        rule: "F69", words: "an organization that denies rules of EventBridge", where: "pipeline-state-machine",
        edits: [answer({ deniedByOrganization: async ({ resourceArn }) => (resourceArn.includes("TrainingJobs") ? ["events:PutRule"] : []) })],
    },
    {
        rule: "F70", words: "a range that npm fills with a version without plugin", where: "package.json",
        edits: [({ evidence }) => { evidence.packages = evidence.packages?.map((each) => (each.plugin === "command" ? { ...each, wanted: ">=1.2.1" } : each)) ?? []; }],
        command: { file: { path: "package.json", from: '"@pulumi/command": "1.2.1"', to: '"@pulumi/command": ">=1.2.1"' } },
    },
];
