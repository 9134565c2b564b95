/** Secrets and their rotation as they stand in a plan. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { DATABASE } from "./databases.ts";
import { sourcesOf } from "./order.ts";
import { isUnknown, readStandIn } from "./values.ts";

export const SECRET = "aws:secretsmanager/secret:Secret";
export const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";

export function findSecrets(plan: Plan): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === SECRET);
}

export function findRotations(plan: Plan): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === ROTATION);
}

/** The planned secret that a text names: by a stand-in for its id or ARN, by the name inside its ARN, or by its name. */
export function findSecretNamed(text: string, plan: Plan): PlannedResource | undefined {
    const standIn = readStandIn(text);
    return findSecrets(plan).find((secret) => {
        const { name } = secret.inputs;
        if (secret.name === standIn) return true;
        if (typeof name !== "string" || isUnknown(name)) return false;
        return text === name || new RegExp(`:secret:${escape(name)}-[A-Za-z0-9]{6}(:|$)`).test(text);
    });
}

/** What a rotation rotates: a secret of the program, or the master password that RDS keeps itself. */
export function findRotated(rotation: PlannedResource, plan: Plan): PlannedResource | undefined {
    const { secretId } = rotation.inputs;
    return sourcesOf(rotation, "secretId", { plan, type: SECRET })[0]
        ?? sourcesOf(rotation, "secretId", { plan, type: DATABASE }).find(managesPassword)
        ?? (typeof secretId === "string" ? findSecretNamed(secretId, plan) : undefined);
}

/** Whether RDS makes the master password, keeps it as a secret of its own, and rotates it every seven days. */
export function managesPassword({ type, inputs }: PlannedResource): boolean {
    return type === DATABASE && inputs["manageMasterUserPassword"] === true;
}

/** ARN of a secret that RDS keeps: its name begins with `rds!`. */
export function isManagedSecret(text: string): boolean {
    return /:secret:rds!/.test(text);
}

function escape(text: string): string {
    return text.replace(/[.+^${}()|[\]\\*?]/g, "\\$&");
}
