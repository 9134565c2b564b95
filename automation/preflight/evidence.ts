/** Gathers what the rules look at: the plan, the approved model and its artifact, and a read-only view of the account. */
import { GetItemCommand, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeEndpointCommand, ListTagsCommand } from "@aws-sdk/client-sagemaker";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { paginateListAWSDefaultServiceQuotas, paginateListServiceQuotas } from "@aws-sdk/client-service-quotas";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { createNaming } from "../../components/naming.ts";
import type { PlatformConfig } from "../../components/config.ts";
import { AB_TEST_ID, VARIANTS } from "../../lambdas/shared/documents.ts";
import type { AbTestItem, ApprovedModel, Variant } from "../../lambdas/shared/documents.ts";
import type { AwsClients } from "../aws.ts";
import type { Plan } from "../engine/engine.ts";
import { readApprovedModel } from "../outputs.ts";
import { openS3Artifact } from "./artifact/source.ts";
import type { AccountView, Evidence, ModelEvidence, Plans } from "./rule.ts";

const MODEL = "aws:sagemaker/model:Model";

export interface EvidenceSource {
    readonly stack: string;
    readonly config: PlatformConfig;
    readonly aws: AwsClients;
    readonly recordPlans: () => Promise<Plans>;
}

/** Without access to the account, what needs it is left out, and the rules say that they did not check it. */
export async function gatherEvidence({ stack, config, aws, recordPlans }: EvidenceSource): Promise<Evidence> {
    const plan = await recordPlans();
    const offline: Evidence = { stack, config, plan, ...readServingImageTag(plan.endpointsOn) };
    const accountId = await findAccount(aws);
    if (accountId === undefined) return offline;
    const { parameterPath } = createNaming(config, { accountId, region: aws.target.region });
    const models = (await Promise.all(VARIANTS.map((variant) => readModel(aws, parameterPath, variant)))).filter((model) => model !== undefined);
    return { ...offline, ...(models[0] ?? { approved: "none" as const }), models, account: viewAccount(aws) };
}

/** The variant's approved model and its artifact; undefined when none was approved. */
async function readModel(aws: AwsClients, parameterPath: string, variant: Variant): Promise<ModelEvidence | undefined> {
    const approved = await readApprovedModel(aws, parameterPath, variant);
    if (approved === undefined) return undefined;
    const artifact = await openS3Artifact(aws.s3, approved.modelDataUrl);
    return { approved, ...(artifact === undefined ? {} : { artifact }) };
}

/** Undefined without credentials, or when AWS cannot be reached. */
async function findAccount({ sts }: AwsClients): Promise<string | undefined> {
    try {
        return (await sts.send(new GetCallerIdentityCommand({}))).Account;
    } catch {
        return undefined;
    }
}

/** Tag of the image that the planned model runs in. */
function readServingImageTag(plan: Plan): { servingImageTag?: string } {
    const container = plan.resources.find(({ type }) => type === MODEL)?.inputs["primaryContainer"] as { image?: unknown } | undefined;
    const image = container?.image;
    return typeof image === "string" ? { servingImageTag: tagOf(image) } : {};
}

export function tagOf(image: ApprovedModel["trainingImage"]): string {
    return image.slice(image.lastIndexOf(":") + 1);
}

export function viewAccount(clients: Pick<AwsClients, "dynamodb" | "quotas" | "sagemaker">): AccountView {
    let quotas: Promise<ReadonlyMap<string, number>> | undefined;
    return {
        endpointNamed: (name) => findEndpoint(clients.sagemaker, name),
        // One list for all rules: it has several pages, and its service answers slowly.
        sagemakerQuota: async (name) => (await (quotas ??= listSageMakerQuotas(clients.quotas))).get(name),
        abTest: (tableName) => readAbTest(clients.dynamodb, tableName),
    };
}

async function findEndpoint(sagemaker: SageMakerClient, name: string): ReturnType<AccountView["endpointNamed"]> {
    try {
        const { EndpointStatus = "unknown", EndpointArn } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
        const { Tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: EndpointArn }));
        return { status: EndpointStatus, tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])) };
    } catch (error) {
        // SageMaker has no error of its own for what does not exist.
        if (error instanceof Error && error.name === "ValidationException" && /could not find/i.test(error.message)) return undefined;
        throw error;
    }
}

/** The defaults, and over them what applies to this account: only quotas that were ever changed are in the second list. */
async function listSageMakerQuotas(client: ServiceQuotasClient): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const paginate of [paginateListAWSDefaultServiceQuotas, paginateListServiceQuotas]) {
        for await (const { Quotas = [] } of paginate({ client }, { ServiceCode: "sagemaker" })) {
            for (const { QuotaName = "", Value } of Quotas) if (Value !== undefined) found.set(QuotaName, Value);
        }
    }
    return found;
}

async function readAbTest(client: DynamoDBClient, tableName: string): Promise<AbTestItem | undefined> {
    try {
        const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: marshall({ TestId: AB_TEST_ID }) }));
        return Item === undefined ? undefined : unmarshall(Item) as AbTestItem;
    } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
    }
}
