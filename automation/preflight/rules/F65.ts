/** F65: a secret that is rotated is read when it is used, not when the task starts. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { DATABASE } from "../planReading/databases.ts";
import { findTaskDefinitions, nameOf, readContainers, TASK_DEFINITION } from "../planReading/containers.ts";
import type { ContainerFields } from "../planReading/containers.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { findRotated, findRotations, findSecretNamed, isManagedSecret, ROTATION, SECRET } from "../planReading/secrets.ts";
import { isUnknown, readStandIn } from "../planReading/values.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

export const rule = defineRule({
    id: "F65",
    kind: "plan",
    needs: ["plan"],
    title: "A secret that is rotated is read when it is used",
    story: "The database's password was put into the container's environment at its start. RDS rotates its own passwords every seven "
        + "days: a week after the deployment every new connection failed, and only a restart of the tasks helped, until the next week.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
    fix: "give the container the secret's ARN; let it read AWSCURRENT when it connects, and again when the database refuses it (28P01)",
    applies: ({ plan }) => findTaskDefinitions(plan).length > 0,
    check: (evidence) => checkEach(evidence, findTaskDefinitions(evidence.plan), (task) => {
        const containers = readContainers(task);
        if (containers === undefined) return [{ open: "its containers are not known before the deployment" }];
        return containers.flatMap((container) => secretsOf(container)
            .flatMap((secret) => lookAtSecret(secret, nameOf(container), evidence.plan)));
    }),
    mustFind: [
        { title: "a secret with a rotation", evidence: () => buildEvidence("<arn of password>") },
        {
            title: "a field of a secret with a rotation",
            evidence: () => buildEvidence(`${SECRETS}:dev/firstlight/password-AbCdEf:password::`),
        },
        {
            title: "a password that RDS keeps",
            evidence: () => buildEvidence(`${SECRETS}:rds!db-0a1b2c3d-AbCdEf:password::`),
        },
    ],
    mustPass: [
        { title: "a secret that nobody rotates", evidence: () => buildEvidence("<arn of api-key>") },
        { title: "a rotation that is off", evidence: () => buildEvidence("<arn of password>", false) },
        {
            title: "a parameter of Systems Manager",
            evidence: () => buildEvidence("arn:aws:ssm:eu-central-1:123456789012:parameter/firstlight/dev/url"),
        },
        { title: "a container without secrets", evidence: () => buildEvidence(undefined) },
    ],
});

interface InjectedSecret { readonly name: string; readonly from: unknown }

function secretsOf(container: ContainerFields): readonly InjectedSecret[] {
    const secrets = (container["secrets"] ?? []) as readonly Readonly<Record<string, unknown>>[];
    return secrets.map(({ name, valueFrom }) => ({ name: String(name), from: valueFrom }));
}

function lookAtSecret({ name, from }: InjectedSecret, who: string, plan: Plan): readonly Remark[] {
    if (typeof from !== "string" || isParameter(from, plan)) return [];
    const what = `${who} gets ${name} once, at its start`;
    if (isManagedSecret(from)) return [{ what: `${what}, and RDS rotates it every seven days` }];
    const secret = findSecretNamed(from, plan);
    if (secret === undefined) {
        const rest = isUnknown(from) ? "is not known before the deployment" : "is not said in this program";
        return [{ open: `whether the secret behind ${name} is rotated ${rest}` }];
    }
    return findRotations(plan).filter((rotation) => rotates(rotation, secret, plan)).map((rotation) => ({
        what: `${what}, and ${rotation.name} rotates it`,
    }));
}

/** Parameters of Systems Manager are not rotated: by their ARN, by their name, or by a stand-in. */
function isParameter(from: string, plan: Plan): boolean {
    const standIn = readStandIn(from);
    if (standIn !== undefined) return plan.resources.some(({ type, name }) => type === "aws:ssm/parameter:Parameter" && name === standIn);
    return /^arn:[a-z-]+:ssm:/.test(from) || !from.startsWith("arn:");
}

function rotates(rotation: PlannedResource, secret: PlannedResource, plan: Plan): boolean {
    return rotation.inputs["rotationEnabled"] !== false && findRotated(rotation, plan)?.urn === secret.urn;
}

const SECRETS = "arn:aws:secretsmanager:eu-central-1:123456789012:secret";

function buildEvidence(valueFrom: string | undefined, rotationEnabled = true): Evidence {
    const password = { type: SECRET, name: "password", inputs: { name: "dev/firstlight/password" } };
    const apiKey = { type: SECRET, name: "api-key", inputs: { name: "dev/firstlight/api-key" } };
    const container = { name: "app", image: "letters", ...(valueFrom === undefined ? {} : { secrets: [{ name: "PASSWORD", valueFrom }] }) };
    return buildPlanEvidence(
        password, apiKey, { type: DATABASE, name: "database", inputs: { manageMasterUserPassword: true } },
        { type: ROTATION, name: "rotation", inputs: { rotationEnabled }, propertyDependencies: { secretId: [urnOf(password)] } },
        { type: TASK_DEFINITION, name: "letters", inputs: { family: "letters", containerDefinitions: JSON.stringify([container]) } },
    );
}
