/** Gathers what only AWS knows: the approved models with their artifacts, and a read-only view of the account. */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { createNaming } from "../../../components/naming.ts";
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { Variant } from "../../../lambdas/shared/documents.ts";
import type { ResourceOwner } from "../../account/ownedResource.ts";
import type { AwsClients } from "../../aws.ts";
import { readApprovedModel } from "../../outputs.ts";
import { describeSilence } from "../account/asking.ts";
import { viewAccount } from "../account/viewAccount.ts";
import type { AccountWorld } from "../account/viewAccount.ts";
import { openS3Artifact } from "../artifact/source.ts";
import type { ModelEvidence } from "../rule.ts";
import { withoutAccount } from "./accountEvidence.ts";
import type { AccountEvidence } from "./accountEvidence.ts";
import type { EvidenceSource } from "./gatherEvidence.ts";

/** With an account that cannot be asked, why. */
export async function gatherAccount({ config, aws, lookup, ...source }: EvidenceSource): Promise<AccountEvidence> {
    const { accountId, problem = "" } = await findAccount(aws, source);
    if (accountId === undefined) return withoutAccount(problem);
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
