/** F39: the state outlives the machine that the deployment runs on. */
import type { OwnedResource } from "../../account/ownedResource.ts";
import type { Plan, StackResource } from "../../engine/engine.ts";
import { answerOf } from "../account/answerOf.ts";
import { readStateBackend } from "../planReading/stateBackend.ts";
import { buildAccount, buildPlan, urnOf } from "../samples.ts";
import { defineRule, describeLack } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

/** Names that a finding shows. */
const SHOWN = 3;
/** Inputs that hold a resource's name in the account. */
const NAMES = ["name", "bucket"];

export const rule = defineRule({
    id: "F39",
    kind: "account",
    needs: ["runner"],
    explains: ["F22"],
    title: "The state is not on a disk that is thrown away, and was not lost",
    story: "A CI job kept its state on its own disk. The next job found none, tried to make everything a second time and met the names "
        + "of what the first had made; what was then deleted by hand met the next run again, since tables, databases and endpoints take "
        + "minutes to go.",
    source: "field reports S0-S4",
    prevention: "`deploy` refuses a state on a disk in CI, and stops when the state is empty while resources of the stack exist; "
        + "deletions are waited for.",
    fix: "set PULUMI_BACKEND_URL to a bucket (`node automation/deploy.ts bootstrap` makes one); a machine of your own that stays: CI=false",
    async check(evidence): Promise<CheckResult> {
        const { stack, runner, state, account, plans } = evidence;
        const findings: Finding[] = [];
        if (runner.isCi && runner.backendUrl !== undefined && readStateBackend(runner.backendUrl).kind === "disk") {
            const what = `the state lies on this machine's disk (${runner.backendUrl}), and a CI service runs this`;
            findings.push({ severity: "blocker", where: `${stack}/backend`, what });
        }
        if (state === undefined || account === undefined) {
            const lacking = (["state", "account"] as const).filter((part) => evidence[part] === undefined);
            return { findings, open: `whether the state was lost was not looked at: ${describeLack(lacking, evidence)}` };
        }
        if (state.some(isInAccount)) return { findings };
        const owned = await answerOf(account.owned());
        if ("unanswered" in owned) return { findings, open: owned.unanswered };
        return { findings: [...findings, ...describeOrphans(stack, owned.answer, plans?.asIs)] };
    },
    mustFind: [
        { title: "a state on the disk of a CI job", evidence: () => buildEvidence({ isCi: true, backendUrl: "file:///build/state" }) },
        {
            title: "an empty state beside resources of the stack",
            evidence: () => buildEvidence({ owned: ["raw", "models", "logs", "old"], state: [] }),
        },
        {
            title: "an empty state beside what the program is about to make",
            evidence: () => buildEvidence({ owned: ["raw"], state: [], planned: ["raw"] }),
        },
        {
            title: "a state of components alone beside a resource of the stack",
            evidence: () => buildEvidence({ owned: ["raw"], state: [COMPONENT] }),
        },
    ],
    mustPass: [
        { title: "a state in a bucket, in CI", evidence: () => buildEvidence({ isCi: true, backendUrl: "s3://states" }) },
        { title: "a state on one's own disk", evidence: () => buildEvidence({ backendUrl: "file://~" }) },
        { title: "a first deployment into an account that is empty", evidence: () => buildEvidence({ state: [] }) },
        { title: "resources of a stack whose state knows some", evidence: () => buildEvidence({ owned: ["raw"], state: [BUCKET] }) },
        { title: "a key that waits for its deletion", evidence: () => buildEvidence({ owned: ["key"], state: [], isPending: true }) },
    ],
});

/** Components and providers are made before anything of theirs. */
function isInAccount({ custom, type }: StackResource): boolean {
    return custom && !type.startsWith("pulumi:");
}

/**
 * Jobs, their logs and keys that wait for their deletion outlive every stack. What the program declares under the same name would be
 * made a second time; whether the rest is missed or was left on purpose cannot be told from here.
 */
function describeOrphans(stack: string, owned: readonly OwnedResource[], plan: Plan | undefined): Finding[] {
    const living = owned.filter(({ type, pendingUntil }) => type !== undefined && pendingUntil === undefined);
    if (living.length === 0) return [];
    const planned = new Set(plan?.resources.flatMap(({ type, inputs }) => NAMES.map((key) => `${type} ${String(inputs[key])}`)));
    const again = living.filter(({ type, id, label }) => planned.has(`${type} ${id}`) || planned.has(`${type} ${label}`));
    const meant = again.length > 0 ? again : living;
    const names = meant.slice(0, SHOWN).map(({ label }) => label).join(", ");
    const more = meant.length > SHOWN ? `, and ${meant.length - SHOWN} more` : "";
    const what = again.length > 0 ? "resources exist that an up would make a second time" : "resources carry the stack's tags";
    return [{
        severity: again.length > 0 ? "blocker" : "warning", where: `${stack}/state`,
        what: `the state is empty, but ${meant.length} ${what} (${names}${more})`,
        fix: `bring the state back, or run \`node automation/deploy.ts adopt --stack ${stack}\`, which takes them into the state; `
            + "`sweep` deletes what is left over",
    }];
}

const BUCKET = buildState({ type: "aws:s3/bucket:Bucket", name: "raw" }, true);
const COMPONENT = buildState({ type: "firstlight:data:Storage", name: "storage" }, false);

function buildState(resource: Pick<StackResource, "type" | "name">, custom: boolean): StackResource {
    return { ...resource, urn: urnOf(resource), custom, dependencies: [], inputs: {}, outputs: {} };
}

interface SampleArgs {
    readonly isCi?: boolean;
    readonly backendUrl?: string;
    readonly state?: readonly StackResource[];
    readonly owned?: readonly string[];
    readonly planned?: readonly string[];
    readonly isPending?: boolean;
}

function buildEvidence(sample: SampleArgs): Evidence {
    const { isCi = false, backendUrl = "s3://states", state = [BUCKET], owned = [], planned = [], isPending = false } = sample;
    const resources = owned.map((label): OwnedResource => ({
        arn: `arn:aws:s3:::${label}`, type: BUCKET.type, id: label, label, tags: {}, ...(isPending ? { pendingUntil: new Date(0) } : {}),
    }));
    const plan = buildPlan(...planned.map((bucket) => ({ type: BUCKET.type, name: bucket, inputs: { bucket } })));
    return {
        stack: "dev", runner: { isCi, backendUrl }, state, plans: { asIs: plan, endpointsOn: plan },
        account: buildAccount({ owned: async () => resources }),
    };
}
