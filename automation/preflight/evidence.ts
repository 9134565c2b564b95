/** Gathers what the rules look at: the plan, the approved model and its artifact, and a read-only view of the account. */
import { DescribeEndpointCommand, ListTagsCommand } from "@aws-sdk/client-sagemaker";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { createNaming } from "../../components/naming.ts";
import type { PlatformConfig } from "../../components/config.ts";
import type { ApprovedModel } from "../../lambdas/shared/documents.ts";
import type { AwsClients } from "../aws.ts";
import type { Plan } from "../engine/engine.ts";
import { readApprovedModel } from "../outputs.ts";
import { openS3Artifact } from "./artifact/source.ts";
import type { AccountView, Evidence, Plans } from "./rule.ts";

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
    const approved = await readApprovedModel(aws, parameterPath);
    const artifact = approved === undefined ? undefined : await openS3Artifact(aws.s3, approved.modelDataUrl);
    return { ...offline, approved: approved ?? "none", account: viewAccount(aws.sagemaker), ...(artifact === undefined ? {} : { artifact }) };
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

export function viewAccount(sagemaker: SageMakerClient): AccountView {
    return {
        async endpointNamed(name) {
            try {
                const { EndpointStatus = "unknown", EndpointArn } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
                const { Tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: EndpointArn }));
                return { status: EndpointStatus, tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])) };
            } catch (error) {
                // SageMaker has no error of its own for what does not exist.
                if (error instanceof Error && error.name === "ValidationException" && /could not find/i.test(error.message)) return undefined;
                throw error;
            }
        },
    };
}
