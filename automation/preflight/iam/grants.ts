/** Puts actions on those of the given resources that they work on, as IAM knows them. */
import { findActions } from "./actionFacts.ts";
import type { ActionFacts } from "./actionFacts.ts";
import { couldName } from "./arnPatterns.ts";
import { fillIn } from "./roleDocuments.ts";
import type { Permission, RoleScope } from "./roleDocuments.ts";

/** Actions, and where they may stand. */
export interface Grant {
    /** Full names: `s3:CreateBucket`. */
    readonly actions: readonly string[];
    /** ARN templates; an action stands on those that it works on, and on `*` when IAM lists no resource type for it. */
    readonly on: readonly string[];
    /** Operator, key, values. */
    readonly conditions?: Permission["conditions"];
}

/**
 * One permission per action; none where the stack has nothing of what the grant is for (no bucket, say).
 *
 * @throws Error when IAM does not know an action, or it works on none of the resources: a mistake in our tables
 */
export async function placeGrant(grant: Grant, scope: RoleScope): Promise<readonly Permission[]> {
    const filled = grant.on.flatMap((template) => fillIn(template, scope));
    if (filled.length === 0 && grant.on.length > 0) return [];
    return Promise.all(grant.actions.map(async (action) => {
        const [facts] = await findActions(action);
        if (facts === undefined) throw new Error(`IAM knows no action ${action}`);
        const resources = placesOf(facts, filled);
        return {
            label: resources[0] === "*" && grant.conditions === undefined ? "Everywhere" : labelOf(action), actions: [action], resources,
            ...(grant.conditions === undefined ? {} : { conditions: grant.conditions }),
        };
    }));
}

/** @throws Error when the action works on none of them */
function placesOf({ name, resourceTypes }: ActionFacts, resources: readonly string[]): readonly string[] {
    if (resourceTypes.length === 0) return ["*"];
    const places = resources.filter((resource) => resource === "*" || resourceTypes.some(({ arnFormat }) => couldName(resource, arnFormat)));
    if (places.length === 0) throw new Error(`${name} works on none of ${resources.join(", ")}`);
    return places;
}

/** `execute-api:Invoke` -> `ExecuteApi`. */
function labelOf(action: string): string {
    const [service = ""] = action.split(":");
    return service.split("-").map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join("");
}
