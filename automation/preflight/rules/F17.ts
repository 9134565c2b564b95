/** F17: a repository of images is made here or there already, and its lifecycle policy is one that ECR takes. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import type { PropertyValue } from "../../engine/provider.ts";
import type { AccountView } from "../account/accountView.ts";
import { answerOf } from "../account/answerOf.ts";
import { findLifecycleFaults } from "../planReading/lifecyclePolicy.ts";
import { sourcesOf } from "../planReading/order.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildAccount, buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const REPOSITORY = "aws:ecr/repository:Repository";
/** What belongs to a repository and names it. */
const PARTS = ["aws:ecr/lifecyclePolicy:LifecyclePolicy", "aws:ecr/repositoryPolicy:RepositoryPolicy"];

export const rule = defineRule({
    id: "F17",
    kind: "plan",
    needs: ["plan"],
    title: "A repository of images is made here, or is there already",
    story: "The program looked the repository up before anybody had made it: RepositoryNotFoundException. Made by every "
        + "environment instead, it is there already for the second one; and a lifecycle policy is judged only by ECR itself.",
    source: "field reports S0-S4",
    fix: "let one stack own the repository, and let the others name it only after that stack has been deployed",
    applies: ({ plan }) => plan.resources.some(({ type }) => type === REPOSITORY || PARTS.includes(type)),
    check: (evidence) => checkEach(evidence, evidence.plan.resources, async (resource) => [
        ...lookAtPolicy(resource), ...await lookForRepository(resource, evidence.plan, evidence.account),
    ]),
    mustFind: [
        { title: "a repository that is not there", evidence: () => buildEvidence({ repository: "shared/letters" }, { exists: false }) },
        { title: "a policy without rules", evidence: () => buildEvidence({ policy: JSON.stringify({ rules: [] }) }) },
        {
            title: "tagged images without a list of tags",
            evidence: () => buildPolicy({ selection: { ...TAGGED, tagPatternList: undefined } }),
        },
        { title: "untagged images with a list of tags", evidence: () => buildPolicy({ selection: { ...TAGGED, tagStatus: "untagged" } }) },
        {
            title: "a rule about any image that is not the last",
            evidence: () => buildPolicy({ selection: { ...TAGGED, tagStatus: "any", tagPatternList: undefined } }),
        },
        { title: "the same priority twice", evidence: () => buildPolicy({ rulePriority: 2 }) },
        { title: "an age without its unit", evidence: () => buildPolicy({ selection: { ...TAGGED, countType: "sinceImagePushed" } }) },
        { title: "an action that does not exist", evidence: () => buildPolicy({ action: { type: "delete" } }) },
    ],
    mustPass: [
        { title: "the program's own repository, which keeps ten tagged images", evidence: () => buildPolicy({}) },
        { title: "a repository that is in the account", evidence: () => buildEvidence({ repository: "shared/letters" }, { exists: true }) },
        { title: "a policy that is given as an object", evidence: () => buildEvidence({ policy: { rules: [LAST] } }) },
    ],
});

function lookAtPolicy({ type, inputs: { policy } }: PlannedResource): readonly Remark[] {
    if (type !== PARTS[0]) return [];
    if (policy === undefined || isUnknown(policy) || hasUnknown(policy)) return [{ open: "its policy is not known before the deployment" }];
    const document = typeof policy === "string" ? policy : JSON.stringify(policy);
    return findLifecycleFaults(document).map((fault) => ({
        what: `its policy ${fault}`,
        fix: "write the rule as the page on lifecycle policies of ECR has it",
    }));
}

function hasUnknown(value: PropertyValue): boolean {
    if (typeof value !== "object" || value === null) return value === UNKNOWN;
    return Object.values(value).some((inner) => hasUnknown(inner as PropertyValue));
}

/** Repositories that are read (`Repository.get`), and those that a policy names and the program does not make. */
async function lookForRepository(resource: PlannedResource, plan: Plan, account: AccountView | undefined): Promise<readonly Remark[]> {
    const name = readForeignName(resource, plan);
    if (name === undefined) return [];
    if (typeof name !== "string" || isUnknown(name)) return [{ open: "the name of its repository is not known before the deployment" }];
    if (account === undefined) return [{ open: `whether there is a repository ${name} is not known without an account` }];
    const answered = await answerOf(account.existing({ type: REPOSITORY, inputs: { name } }));
    if ("unanswered" in answered) return [{ open: answered.unanswered }];
    return answered.answer === undefined ? [{ what: `needs the repository ${name}, which neither the account nor this program has` }] : [];
}

/** Undefined when the program makes the repository itself, or the resource has none. */
function readForeignName(resource: PlannedResource, plan: Plan): PropertyValue | undefined {
    if (resource.type === REPOSITORY) return resource.operation === "read" ? resource.inputs["name"] ?? UNKNOWN : undefined;
    if (!PARTS.includes(resource.type)) return undefined;
    const { repository } = resource.inputs;
    const isOwn = sourcesOf(resource, "repository", { plan, type: REPOSITORY }).length > 0
        || plan.resources.some(({ type, inputs }) => type === REPOSITORY && inputs["name"] !== undefined && inputs["name"] === repository);
    return isOwn ? undefined : repository;
}

const TAGGED = { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: 10 };
const UNTAGGED = { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 };
const LAST = { rulePriority: 2, selection: UNTAGGED, action: { type: "expire" } };

/** A policy of two rules; the fields change the first. */
function buildPolicy(fields: object): Evidence {
    const first = { rulePriority: 1, selection: TAGGED, action: { type: "expire" }, ...fields };
    return buildEvidence({ policy: JSON.stringify({ rules: [first, LAST] }) });
}

/** With `repository`, the policy names one that the program does not make. */
function buildEvidence(inputs: Readonly<Record<string, PropertyValue>>, { exists }: { readonly exists?: boolean } = {}): Evidence {
    const repository: SampleResource = { type: REPOSITORY, name: "letters-images", inputs: { name: "firstlight/dev/letters" } };
    const policy: SampleResource = {
        type: PARTS[0] ?? "", name: "letters-lifecycle", inputs: { policy: JSON.stringify({ rules: [LAST] }), ...inputs },
        propertyDependencies: "repository" in inputs ? {} : { repository: [urnOf(repository)] },
    };
    const evidence = buildPlanEvidence(repository, policy);
    if (exists === undefined) return evidence;
    const holder = exists ? { id: "shared/letters", outputs: {}, isOurs: false } : undefined;
    return { ...evidence, account: buildAccount({ existing: async () => holder }) };
}
