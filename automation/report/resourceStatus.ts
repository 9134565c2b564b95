/** What the rehearsal really did with each resource: computed from what was called, never claimed. */
import type { StackResource } from "../engine/engine.ts";
import type { PropertyEffect, PropertyMap, PropertyValue, ResourceTable, UsageProof } from "../engine/provider.ts";
import type { UsageRecord } from "../rehearsal/cloud/cloud.ts";
import { findGlueProof } from "./glueUsage.ts";
import type { RunFacts } from "./glueUsage.ts";

/** `ran`: its data plane was used in this run. Else what stands for it: kept in state, or looked at by a rule or a type. */
export type ResourceStatus = "ran" | "recorded only" | "checked statically";

export interface ResourceReport {
    readonly name: string;
    readonly type: string;
    readonly status: ResourceStatus;
    /** The first call that proves it, e.g. `s3:GetObject`; absent unless it ran. */
    readonly proof?: string;
    /** How many of its input leaves were sent to the cloud and read back, only kept in state, or only checked by rule or type. */
    readonly effects: Readonly<Record<PropertyEffect, number>>;
}

/** Components and the stack itself are left out: they are not in the cloud. */
export function describeResources(resources: readonly StackResource[], tables: ReadonlyMap<string, ResourceTable>, usage: readonly UsageRecord[]): readonly ResourceReport[] {
    const described: ResourceReport[] = [];
    for (const resource of resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))) {
        const table = tables.get(resource.type);
        if (table !== undefined) described.push(describeResource(resource, table, { resources, usage }));
    }
    return described;
}

function describeResource(resource: StackResource, table: ResourceTable, facts: RunFacts): ResourceReport {
    const effects = countEffects(resource.inputs, table);
    const proof = table.usage === undefined ? findGlueProof(resource, facts) : findProof(table.usage, resource.outputs, facts.usage)?.action;
    const status = proof !== undefined ? "ran" : effects.static > 0 ? "checked statically" : "recorded only";
    return { name: resource.name, type: resource.type, status, effects, ...(proof === undefined ? {} : { proof }) };
}

function findProof(proof: UsageProof, outputs: PropertyMap, usage: readonly UsageRecord[]): UsageRecord | undefined {
    const arn = proof.resourceArn(outputs);
    const isMeant = (record: UsageRecord): boolean => proof.principal === true ? record.principal === arn : isWithin(record.resource, arn);
    const fits = (record: UsageRecord): boolean => isMeant(record)
        && (proof.actions.includes(record.action) || (proof.principal === true && proof.actions.length === 0));
    return arn === "" ? undefined : usage.find((record) => record.allowed && fits(record));
}

/** The thing itself or a part of it; not another whose name begins alike. */
function isWithin(resource: string, arn: string): boolean {
    return resource === arn || resource.startsWith(`${arn}/`) || resource.startsWith(`${arn}:`);
}

function countEffects(inputs: PropertyMap, table: ResourceTable): Record<PropertyEffect, number> {
    const effects = { applied: 0, recorded: 0, static: 0 };
    for (const path of leavesOf(inputs, "", table)) {
        const rule = table.inputs[path];
        if (rule !== undefined) effects[rule.effect]++;
    }
    return effects;
}

/** Paths without list indices, down to leaves or to where the table says that keys are free. */
function leavesOf(value: PropertyValue, path: string, table: ResourceTable): readonly string[] {
    if (path !== "" && table.inputs[path] !== undefined) return [path];
    if (Array.isArray(value)) return [...new Set(value.flatMap((item: PropertyValue) => leavesOf(item, path, table)))];
    if (typeof value !== "object" || value === null) return [path];
    return Object.entries(value).flatMap(([key, item]) => leavesOf(item as PropertyValue, path === "" ? key : `${path}.${key}`, table));
}
