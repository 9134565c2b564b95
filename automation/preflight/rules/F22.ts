/** F22: the names that the stack is about to take are free, and nothing of its own lies beside the state. */
import { buildImport } from "../../account/importLine.ts";
import { uniqueNames } from "../../account/identities/uniqueNames.ts";
import type { NameHolder } from "../../account/identity.ts";
import type { OwnedResource } from "../../account/ownedResource.ts";
import type { PlannedResource, StackResource } from "../../engine/engine.ts";
import type { AccountView } from "../account/accountView.ts";
import { answerOf } from "../account/answerOf.ts";
import { SUFFIX } from "../gathering/knownIds.ts";
import { findAdditions, findOrphans } from "../planReading/additions.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildAccount, buildPlanEvidence, urnOf, withoutState } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding, Having } from "../rule.ts";

export const rule = defineRule({
    id: "F22",
    kind: "account",
    needs: ["plan", "account"],
    title: "The names are free, and nothing of the stack lies beside its state",
    story: "A state was lost, or another stack had the same names. The deployment failed resource by resource with AlreadyExists, each "
        + "time after minutes; what was then deleted by hand was missed by the next run, and what nobody found went on costing.",
    source: "field reports S0-S4",
    prevention: "Names carry project, environment and suffix, those of buckets also account, region and a random part, and everything "
        + "carries the stack's tags.",
    fix: "bring the lost state back, or run `node automation/deploy.ts adopt`: it takes what is the stack's into the state",
    async check(evidence) {
        const { plan, account, state } = evidence;
        const additions = findAdditions(plan, state ?? []).filter(isNamed);
        const looks = await Promise.all(additions.map(async (resource) => ({ resource, ...await answerOf(account.existing(resource)) })));
        const holders = looks.flatMap((look) => ("answer" in look && look.answer !== undefined ? [{ ...look, holder: look.answer }] : []));
        const held = new Set(holders.map(({ resource, holder }) => `${resource.type} ${holder.id}`));
        const orphans = await lookForOrphans(evidence, held);
        const isUncertain = state === undefined && holders.some(({ holder }) => holder.isOurs);
        return withOpen([...holders.flatMap(({ resource, holder }) => judgeHolder(resource, holder, evidence)), ...orphans.findings], [
            ...looks.map((look) => ("unanswered" in look ? look.unanswered : undefined)), orphans.open,
            isUncertain ? "what carries the stack's tags exists, and whether its state knows it was not looked at" : undefined,
        ]);
    },
    mustFind: [
        { title: "a table of somebody else under a planned name", evidence: () => buildEvidence({ holder: FOREIGN }) },
        { title: "an alarm of somebody else, to be overwritten", evidence: () => buildEvidence({ planned: ALARM, holder: FOREIGN }) },
        { title: "a table of the stack that its state does not know", evidence: () => buildEvidence({ holder: OURS }) },
        {
            title: "a network of the stack that its state does not know",
            evidence: () => buildEvidence({ planned: NETWORK, owned: [NETWORK_THERE] }),
        },
        { title: "a network of the stack that its program does not declare", evidence: () => buildEvidence({ owned: [NETWORK_THERE] }) },
        { title: "a name of somebody else's, also without a state", evidence: () => withoutState(buildEvidence({ holder: FOREIGN })) },
    ],
    mustPass: [
        { title: "a name that is free", evidence: () => buildEvidence({}) },
        { title: "a table that the state has", evidence: () => buildEvidence({ holder: OURS, state: [known(TABLE, "orders")] }) },
        {
            title: "a table that the state has under another parent",
            evidence: () => buildEvidence({ holder: OURS, state: [{ ...known(TABLE, "orders"), urn: "urn:before" }] }),
        },
        { title: "an alarm of the stack, which a create puts right", evidence: () => buildEvidence({ planned: ALARM, holder: OURS }) },
        { title: "a table that a killed run has begun", evidence: () => buildEvidence({ holder: OURS, state: [known(TABLE, undefined)] }) },
        {
            title: "a network that the state has",
            evidence: () => buildEvidence({ planned: NETWORK, owned: [NETWORK_THERE], state: [known(NETWORK, "vpc-1")] }),
        },
        {
            title: "a table that is only read",
            evidence: () => buildEvidence({ planned: { ...TABLE, operation: "read" }, holder: FOREIGN }),
        },
        { title: "models that the pipeline has made", evidence: () => buildEvidence({ owned: [MODEL_THERE] }) },
        { title: "a bucket whose name has a random part", evidence: () => buildEvidence({ planned: BUCKET, holder: FOREIGN }) },
    ],
});

/** Whether a create takes a name that is known before it. */
function isNamed({ type, inputs }: PlannedResource): boolean {
    const unique = uniqueNames[type];
    const name = unique === undefined ? undefined : inputs[unique.property];
    return typeof name === "string" && !isUnknown(name);
}

function judgeHolder(resource: PlannedResource, holder: NameHolder, { stack, state }: Having<"plan">): readonly Finding[] {
    const { urn, type, name } = resource;
    const overwrites = uniqueNames[type]?.overwrites === true;
    const finding = { severity: "blocker", where: `${stack}/${name}`, urn } as const;
    if (!holder.isOurs) {
        const then = overwrites ? "the create would overwrite it without a word" : "the create would fail";
        return [{
            ...finding, what: `${type} ${holder.id} exists and is not this stack's (${describeTags(holder)}): ${then}`,
            fix: "deploy under another name (another stack, or ENVIRONMENT_SUFFIX), or have its owner rename or delete it",
        }];
    }
    const ids = [holder.id, holder.stateId];
    if (overwrites || state === undefined || state.some((known) => known.type === type && ids.includes(known.id))) return [];
    return [{
        ...finding, what: `${type} ${holder.id} exists and is this stack's, but its state does not know it: the create would fail`,
        fix: `${buildImport({ ...resource, id: holder.id })}; all at once: node automation/deploy.ts adopt --stack ${stack}`,
    }];
}

function describeTags({ tags = {} }: NameHolder): string {
    const told = ["Project", "Environment"].filter((key) => tags[key] !== undefined).map((key) => `${key}=${tags[key]}`);
    return told.length === 0 ? "it does not carry its tags" : `its tags: ${told.join(", ")}`;
}

/** What is ours by tag alone. @param held type and id of what was found by its name already */
async function lookForOrphans(evidence: Having<"plan" | "account">, held: ReadonlySet<string>): Promise<CheckResult> {
    const { stack, plan, account, state } = evidence;
    const survey = await answerOf(account.owned());
    if ("unanswered" in survey) return { findings: [], open: survey.unanswered };
    const orphans = findOrphans(survey.answer, state ?? []).filter(({ type, id }) => !held.has(`${type} ${id}`));
    const unseen = await account.unseen();
    const gap = unseen.length === 0 ? undefined : `what is the stack's could not be looked for among ${unseen.join(", ")}`;
    if (state === undefined) {
        return withOpen([], [gap, orphans.length === 0 ? undefined : "what carries the stack's tags was not held against its state"]);
    }
    const additions = findAdditions(plan, state);
    return withOpen(orphans.map((orphan) => describeOrphan(orphan, additions, stack)), [gap]);
}

function describeOrphan(orphan: OwnedResource, additions: readonly PlannedResource[], stack: string): Finding {
    const { type = "", id = "", label } = orphan;
    const meant = findMeant(orphan, additions);
    const commands = `\`node automation/deploy.ts adopt --stack ${stack}\` takes into the state what the program declares, `
        + "`sweep` shows and deletes the rest";
    return {
        severity: "warning", where: `${stack}/${meant?.name ?? label}`, ...(meant === undefined ? {} : { urn: meant.urn }),
        what: `${type} ${label} carries the stack's tags, and its state does not know it: an up makes another beside it`,
        fix: meant === undefined ? commands : `${buildImport({ ...meant, id })}; ${commands}`,
    };
}

/** The planned resource that it must be: the only one of its type that carries the same name. */
function findMeant({ type, id, tags }: OwnedResource, additions: readonly PlannedResource[]): PlannedResource | undefined {
    if (id === undefined) return undefined;
    const nameOf = (values: unknown): unknown => (values as Readonly<Record<string, unknown>> | undefined)?.["Name"];
    const meant = additions.filter((planned) => planned.type === type && nameOf(planned.inputs["tags"]) === nameOf(tags));
    return meant.length === 1 ? meant[0] : undefined;
}

function withOpen(findings: readonly Finding[], open: readonly (string | undefined)[]): CheckResult {
    const gaps = [...new Set(open.filter((gap) => gap !== undefined))];
    return gaps.length === 0 ? { findings } : { findings, open: gaps.join("; ") };
}

const TAGS = { Project: "firstlight", Environment: "dev" };
const TABLE: SampleResource = { type: "aws:dynamodb/table:Table", name: "orders", inputs: { name: "orders" } };
const ALARM: SampleResource = { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "errors", inputs: { name: "orders" } };
const NETWORK: SampleResource = { type: "aws:ec2/vpc:Vpc", name: "network", inputs: { tags: { Name: "network" } } };
const BUCKET: SampleResource = { type: "aws:s3/bucket:Bucket", name: "raw", inputs: { bucket: `firstlight-dev-raw-${SUFFIX}` } };
const OURS: NameHolder = { id: "orders", outputs: {}, tags: TAGS, isOurs: true };
const FOREIGN: NameHolder = { id: "orders", outputs: {}, tags: { Project: "other" }, isOurs: false };
const NETWORK_THERE: OwnedResource = {
    arn: "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-1", type: NETWORK.type, id: "vpc-1", label: "network (vpc-1)",
    tags: { ...TAGS, Name: "network" },
};
const MODEL_THERE: OwnedResource = {
    arn: "arn:aws:sagemaker:eu-central-1:123456789012:model/m", type: "aws:sagemaker/model:Model", id: "m", label: "m", tags: TAGS,
};

function known({ type, name }: SampleResource, id: string | undefined): StackResource {
    const resource = { urn: urnOf({ type, name }), type, name, custom: true, dependencies: [], inputs: {}, outputs: {} };
    return id === undefined ? resource : { ...resource, id };
}

interface SampleArgs {
    readonly planned?: SampleResource;
    /** Of the planned name. */
    readonly holder?: NameHolder;
    readonly owned?: readonly OwnedResource[];
    readonly state?: readonly StackResource[];
}

function buildEvidence({ planned = TABLE, holder, owned = [], state = [] }: SampleArgs): Evidence {
    const existing: AccountView["existing"] = async () => holder;
    return { ...buildPlanEvidence(planned), state, account: buildAccount({ existing, owned: async () => owned }) };
}
