/** F54: a secret's name is free, stays free, and does not look like the end of an ARN. */
import type { PlannedResource } from "../../engine/engine.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { answerOf } from "../account/answerOf.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { findSecrets, SECRET } from "../planReading/secrets.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildAccount, buildConfig, buildPlanEvidence, urnOf, withoutAbsent } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

/** Secrets Manager adds the same to every name in an ARN. */
const LOOKS_LIKE_ARN = /-[A-Za-z0-9]{6}$/;

export const rule = defineRule({
    id: "F54",
    kind: "plan",
    needs: ["plan"],
    title: "A secret's name is free, and does not end as an ARN does",
    story: "A deleted secret keeps its name for 30 days. Destroying an environment and deploying it again ended with \"a secret with this "
        + "name is already scheduled for deletion\". And AWS itself advises against names that end in a hyphen and six characters: ARNs of "
        + "secrets end so, and a search by a part of the ARN finds the wrong one.",
    source: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
    fix: "run `aws secretsmanager restore-secret --secret-id <name>` and "
        + "`pulumi import aws:secretsmanager/secret:Secret <resource> <ARN>`, or give it another name",
    applies: ({ plan }) => findSecrets(plan).some(hasFixedName),
    check: (evidence) => checkEach(evidence, findSecrets(evidence.plan).filter(hasFixedName), async (secret) => {
        const { name } = secret.inputs;
        if (typeof name !== "string" || isUnknown(name)) return [{ open: "its name is not known before the deployment" }];
        return [...findShapeFaults(name), ...findRecoveryFaults(secret.inputs, evidence), ...await findNameFaults(name, secret, evidence)];
    }),
    mustFind: [
        { title: "a hyphen and six characters at the end", evidence: () => buildEvidence({ name: "firstlight-pr4095" }, "free") },
        {
            title: "a name that is still in its recovery window",
            evidence: () => buildEvidence({ name: "dev/firstlight/api-key" }, "deleted"),
        },
        {
            title: "a recovery window in a stack that is made to be destroyed",
            evidence: () => buildEvidence({ name: "dev/firstlight/api-key", recoveryWindowInDays: 7 }, "free"),
        },
        {
            title: "the default recovery window in such a stack",
            evidence: () => buildEvidence({ name: "dev/firstlight/api-key", recoveryWindowInDays: undefined }, "free"),
        },
    ],
    mustPass: [
        { title: "a name that is free", evidence: () => buildEvidence({ name: "dev/firstlight/api-key" }, "free") },
        { title: "a secret that the state knows", evidence: () => buildEvidence({ name: "dev/firstlight/api-key" }, "known") },
        { title: "five characters at the end", evidence: () => buildEvidence({ name: "firstlight-pr409" }, "free") },
    ],
});

/** Names that Pulumi or the provider make are new each time. */
function hasFixedName({ inputs: { name } }: PlannedResource): boolean {
    return name !== undefined;
}

/** AWS takes it, and advises against it. */
function findShapeFaults(name: string): readonly Remark[] {
    if (!LOOKS_LIKE_ARN.test(name)) return [];
    return [{
        severity: "warning",
        what: `the name ${name} ends in a hyphen and six characters, as ARNs of secrets do`,
        fix: "put the environment in front: <environment>/<project>/<part>",
    }];
}

/** 30 days unless it says otherwise. */
function findRecoveryFaults({ name, recoveryWindowInDays: days = 30 }: PropertyMap, { config }: Having<"plan">): readonly Remark[] {
    if (config?.destroyData !== true || days === 0 || typeof days !== "number") return [];
    const what = `the name ${String(name)} is taken for ${days} days after a destroy, and the stack is made to be destroyed (destroyData)`;
    return [{ severity: "warning", what, fix: "write recoveryWindowInDays: 0 where destroyData is true" }];
}

async function findNameFaults(name: string, { urn }: PlannedResource, { account, state }: Having<"plan">): Promise<readonly Remark[]> {
    if (state?.some((each) => each.urn === urn) === true) return [];
    if (account === undefined) return [{ open: `whether the name ${name} is free is not known without an account` }];
    const answered = await answerOf(account.secret(name));
    if ("unanswered" in answered) return [{ open: answered.unanswered }];
    const deletedAt = answered.answer?.deletedAt;
    if (deletedAt === undefined) return [];
    const date = deletedAt.toISOString().slice(0, 10);
    return [{
        what: `a secret named ${name} was deleted on ${date} and keeps its name until its recovery window is over`,
        fix: `run \`aws secretsmanager restore-secret --secret-id ${name}\` and import it, or give it another name`,
    }];
}

/** A secret of a development stack, and what the account knows of its name. */
function buildEvidence(inputs: Readonly<Record<string, string | number | undefined>>, found: "free" | "deleted" | "known"): Evidence {
    const secret = { type: SECRET, name: "api-key", inputs: withoutAbsent({ recoveryWindowInDays: 0, ...inputs }) };
    const deleted = { deletedAt: found === "deleted" ? new Date("2026-11-20T08:00:00Z") : undefined };
    const known = { ...secret, urn: urnOf(secret), custom: true, dependencies: [], outputs: {} };
    return {
        ...buildPlanEvidence(secret), config: buildConfig({ preset: "dev" }), state: found === "known" ? [known] : [],
        account: buildAccount({ secret: async () => (found === "free" ? undefined : deleted) }),
    };
}
