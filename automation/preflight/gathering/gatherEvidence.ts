/** Gathers what the rules look at: the plan, the approved model and its artifact, and a read-only view of the account. */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { createNaming } from "../../../components/naming.ts";
import type { PlatformConfig } from "../../../components/config.ts";
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { ApprovedModel, Variant } from "../../../lambdas/shared/documents.ts";
import type { AccountLookup } from "../../account/accountLookup.ts";
import type { ResourceOwner } from "../../account/ownedResource.ts";
import type { AwsClients } from "../../aws.ts";
import type { Plan } from "../../engine/engine.ts";
import type { BackendOptions } from "../../locks/backendUrl.ts";
import { readApprovedModel } from "../../outputs.ts";
import { describeSilence } from "../account/asking.ts";
import { viewAccount } from "../account/viewAccount.ts";
import type { AccountWorld } from "../account/viewAccount.ts";
import { openS3Artifact } from "../artifact/source.ts";
import type { Evidence, ModelEvidence, Plans } from "../rule.ts";
import type { StackSettings } from "../../stackSettings.ts";
import { readPackages } from "./readPackages.ts";
import { readRunner } from "./readRunner.ts";
import { readState } from "./readState.ts";
import type { StateLook, StateReader } from "./readState.ts";

const MODEL = "aws:sagemaker/model:Model";

export interface EvidenceSource {
    readonly stack: string;
    readonly config: PlatformConfig;
    readonly aws: AwsClients;
    readonly recordPlans: () => Promise<Plans>;
    /** Its state is compared with the plan and the account. @default what needs the state is not checked */
    readonly engine?: StateReader;
    /** Looks into the account beyond the state. @default the same account, by clients of its own */
    readonly lookup?: () => Promise<AccountLookup>;
    /** The stack's files as they stand. @default rules that read them are not checked */
    readonly settings?: StackSettings;
    /** Of the credentials, by whoever asked already. @default it is asked for */
    readonly accountId?: string;
    /** Why there is no account, by whoever asked already. @default it is asked for */
    readonly accountProblem?: string;
    /** AWS is asked nothing. @default false */
    readonly isOffline?: boolean;
    /** Folder and environment of the command. @default where the state lies is not checked: a rehearsal keeps none */
    readonly runner?: BackendOptions;
}

/** What is not to be had is left out, and the rules that need it say why they did not check. */
export async function gatherEvidence(source: EvidenceSource): Promise<Evidence> {
    const { stack, config, settings, recordPlans, engine, runner: place } = source;
    const none: StateLook = {};
    const [plans, packages, runner, { state, problem }, { absent, ...asked }] = await Promise.all([
        recordPlans(), readPackages(), place === undefined ? undefined : readRunner(place),
        engine === undefined ? none : readState(engine), gatherAccount(source),
    ]);
    return {
        stack, config, plans, packages, ...(settings === undefined ? {} : { settings }), ...(runner === undefined ? {} : { runner }),
        ...readServingImageTag(plans.endpointsOn), ...(state === undefined ? {} : { state }), ...asked,
        absent: { ...absent, ...(problem === undefined ? {} : { state: problem }) },
    };
}

type AccountEvidence = Pick<Evidence, "approved" | "artifact" | "models" | "account" | "absent">;

/** What only AWS knows. */
async function gatherAccount({ config, aws, lookup, isOffline, ...source }: EvidenceSource): Promise<AccountEvidence> {
    const { accountId, problem = "" } = isOffline === true ? { problem: "--offline" } : await findAccount(aws, source);
    if (accountId === undefined) return { absent: { account: problem, models: problem, artifact: problem, approved: problem } };
    const { parameterPath, environment } = createNaming(config, { accountId, region: aws.target.region });
    const account = viewAccount(aws, lookup ?? (() => openWorld(aws, accountId, { project: config.project, environment })));
    try {
        const found = await Promise.all(VARIANTS.map((variant) => readModel(aws, parameterPath, variant)));
        const models = found.filter((model) => model !== undefined);
        return { ...(models[0] ?? { approved: "none" as const }), models, account };
    } catch (error) {
        const { message } = describeSilence("ssm:GetParameter or s3:GetObject", error);
        return { account, absent: { models: message, artifact: message, approved: message } };
    }
}

/** The clients hold nothing open that would keep a process from ending. */
async function openWorld(aws: AwsClients, accountId: string, owner: ResourceOwner): Promise<AccountWorld> {
    const { createAccountClients } = await import("../../account/clients.ts");
    return { clients: createAccountClients(aws, accountId), owner };
}

/** The variant's approved model and its artifact; undefined when none was approved. */
async function readModel(aws: AwsClients, parameterPath: string, variant: Variant): Promise<ModelEvidence | undefined> {
    const approved = await readApprovedModel(aws, parameterPath, variant);
    if (approved === undefined) return undefined;
    const artifact = await openS3Artifact(aws.s3, approved.modelDataUrl);
    return { approved, ...(artifact === undefined ? {} : { artifact }) };
}

interface FoundAccount {
    readonly accountId?: string;
    /** Why there is none. */
    readonly problem?: string;
}

async function findAccount({ sts }: AwsClients, { accountId, accountProblem }: Pick<EvidenceSource, "accountId" | "accountProblem">): Promise<FoundAccount> {
    if (accountId !== undefined) return { accountId };
    if (accountProblem !== undefined) return { problem: accountProblem };
    try {
        const { Account } = await sts.send(new GetCallerIdentityCommand({}));
        return Account === undefined ? { problem: "AWS did not say which account it is" } : { accountId: Account };
    } catch (error) {
        return { problem: describeSilence("sts:GetCallerIdentity", error).message };
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
