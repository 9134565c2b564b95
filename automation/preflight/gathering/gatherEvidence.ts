/** Gathers what the rules look at: the plan, the approved model and its artifact, and a read-only view of the account. */
import type { PlatformConfig } from "../../../components/config.ts";
import type { ApprovedModel } from "../../../lambdas/shared/documents.ts";
import type { AccountLookup } from "../../account/accountLookup.ts";
import type { AwsClients } from "../../aws.ts";
import type { Plan } from "../../engine/engine.ts";
import type { BackendOptions } from "../../locks/backendUrl.ts";
import type { Evidence, Plans } from "../rule.ts";
import type { StackSettings } from "../../stackSettings.ts";
import { withoutAccount } from "./accountEvidence.ts";
import type { AccountEvidence } from "./accountEvidence.ts";
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
        engine === undefined ? none : readState(engine), lookIntoAccount(source),
    ]);
    return {
        stack, config, plans, packages, ...(settings === undefined ? {} : { settings }), ...(runner === undefined ? {} : { runner }),
        ...readServingImageTag(plans.endpointsOn), ...(state === undefined ? {} : { state }), ...asked,
        absent: { ...absent, ...(problem === undefined ? {} : { state: problem }) },
    };
}

/** Without an account, nothing that asks one is loaded. */
async function lookIntoAccount(source: EvidenceSource): Promise<AccountEvidence> {
    if (source.isOffline === true) return withoutAccount("--offline");
    const { gatherAccount } = await import("./gatherAccount.ts");
    return gatherAccount(source);
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
