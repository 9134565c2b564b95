/** How much of a failure is found where. Not claimed, but tried with the rule's own fixtures. */
import { isChecked, lacksEvidence } from "../rule.ts";
import type { CheckedRule, Evidence, EvidencePart, Rule } from "../rule.ts";

/** Where each part of the evidence comes from: what is offline is there on every machine, without credentials. */
export const evidenceParts: Readonly<Record<EvidencePart, { readonly words: string; readonly isOffline: boolean }>> = {
    config: { words: "the stack's configuration", isOffline: true },
    settings: { words: "the stack's files", isOffline: true },
    runner: { words: "the environment of the command", isOffline: true },
    packages: { words: "package.json and what is installed", isOffline: true },
    plans: { words: "the planned resources, with endpoints and without", isOffline: true },
    plan: { words: "the planned resources", isOffline: true },
    servingImageTag: { words: "the image of the planned model", isOffline: true },
    state: { words: "the state", isOffline: false },
    approved: { words: "which model is approved", isOffline: false },
    artifact: { words: "the model's archive in S3", isOffline: false },
    models: { words: "the models' archives in S3", isOffline: false },
    account: { words: "read-only questions to the account", isOffline: false },
};

/** How much of what a rule finds it finds with what is there offline. */
export type Share = "all" | "some" | "none";

/** A rule, and what it finds without an account. */
export interface RuleCover {
    readonly rule: Rule;
    /** `none` also for what is held by how it is built: nothing is looked for. */
    readonly offline: Share;
}

/** Runs the rule's own checks. @throws what a check throws */
export async function measureCover(rule: Rule): Promise<RuleCover> {
    return { rule, offline: isChecked(rule) ? await findShare(rule) : "none" };
}

/** Whether there is something that only an account shows. */
export function needsAccount({ rule, offline }: RuleCover): boolean {
    return isChecked(rule) && offline !== "all";
}

/** Shows the check every fixture that it must find, without what an account would say. */
async function findShare(rule: CheckedRule): Promise<Share> {
    const found = await Promise.all(rule.mustFind.map(async (fixture) => {
        const evidence = withoutAccount(await fixture.evidence());
        return lacksEvidence(rule, evidence).length === 0 && rule.applies(evidence) && (await rule.check(evidence)).findings.length > 0;
    }));
    return found.every(Boolean) ? "all" : found.some(Boolean) ? "some" : "none";
}

function withoutAccount(evidence: Evidence): Evidence {
    const parts = (Object.keys(evidenceParts) as EvidencePart[]).filter((part) => evidenceParts[part].isOffline);
    const known = parts.filter((part) => evidence[part] !== undefined).map((part) => [part, evidence[part]] as const);
    return { stack: evidence.stack, ...Object.fromEntries(known) };
}
