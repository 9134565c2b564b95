/** Databases and parameter groups of RDS as they stand in a plan, and what the account offers for them. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import type { AccountView, DatabaseOffering } from "../account/accountView.ts";
import { answerOf } from "../account/answerOf.ts";
import { isUnknown } from "./values.ts";

export const DATABASE = "aws:rds/instance:Instance";
export const PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup";

export interface ParameterReading {
    readonly name: string;
    /** Undefined when it is not known before the deployment. */
    readonly value: string | undefined;
}

export function findDatabases(plan: Plan): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === DATABASE);
}

export function findParameterGroups(plan: Plan): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === PARAMETER_GROUP);
}

/** Undefined when the whole list is not known before the deployment. */
export function readParameters({ inputs }: PlannedResource): readonly ParameterReading[] | undefined {
    const { parameters = [] } = inputs;
    if (!Array.isArray(parameters)) return undefined;
    return (parameters as readonly Readonly<Record<string, unknown>>[]).map(({ name, value }) => ({
        name: String(name), value: isUnknown(value) ? undefined : String(value),
    }));
}

/** Whether the database runs with the group: by reference, or by the group's name. */
export function usesGroup(database: PlannedResource, group: PlannedResource): boolean {
    const { parameterGroupName } = database.inputs;
    return (database.propertyDependencies["parameterGroupName"] ?? []).includes(group.urn)
        || (typeof parameterGroupName === "string" && parameterGroupName === group.inputs["name"]);
}

/** What can be ordered of the database's engine on its class, in all versions; or why that is not known. */
export async function askOfferings(
    { inputs }: PlannedResource, account: AccountView | undefined,
): Promise<{ readonly offerings: readonly DatabaseOffering[] } | { readonly open: string }> {
    const { engine, instanceClass } = inputs;
    if (account === undefined) return { open: "what the region offers is not known without an account" };
    if (typeof engine !== "string" || typeof instanceClass !== "string") {
        return { open: "engine or instance class are not known before the deployment" };
    }
    const answered = await answerOf(account.databaseOfferings(engine, instanceClass));
    return "unanswered" in answered ? { open: answered.unanswered } : { offerings: answered.answer };
}

/** Offerings of the version that the database asks for: of `15` all that begin with `15.`, without a version all. */
export function ofVersion(offerings: readonly DatabaseOffering[], version: unknown): readonly DatabaseOffering[] {
    if (typeof version !== "string") return offerings;
    return offerings.filter(({ engineVersion }) => engineVersion === version || engineVersion.startsWith(`${version}.`));
}
