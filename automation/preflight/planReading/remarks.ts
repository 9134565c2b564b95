/** For rules that look at one planned resource after the other: what they say of each becomes the rule's result. */
import type { PlannedResource } from "../../engine/engine.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import type { CheckResult, Evidence, Finding, Severity } from "../rule.ts";
import { isUnknown } from "./values.ts";

/** Something wrong. */
export interface Fault {
    /** @default "blocker" */
    readonly severity?: Severity;
    readonly what: string;
    /** @default the rule's */
    readonly fix?: string;
    /** The setting that decides it: `training.instanceType`. */
    readonly setting?: string;
}

/** Something that could not be looked at, and why. */
export interface Gap { readonly open: string }

export type Remark = Fault | Gap;

/** The gap that inputs leave which are not known before the deployment; empty when all of them are known. */
export function findGaps(inputs: PropertyMap, properties: readonly string[]): readonly Gap[] {
    const unknown = properties.filter((property) => isUnknown(inputs[property]));
    return unknown.length === 0 ? [] : [{ open: `not known before the deployment: ${unknown.join(", ")}` }];
}

/** Looks at all resources. Findings name the resource and carry its URN; gaps name the resource. */
export async function checkEach<Resource extends Pick<PlannedResource, "name" | "urn">>(
    { stack }: Pick<Evidence, "stack">,
    resources: readonly Resource[],
    look: (resource: Resource) => readonly Remark[] | Promise<readonly Remark[]>,
): Promise<CheckResult> {
    const findings: Finding[] = [];
    const open: string[] = [];
    for (const resource of resources) {
        for (const remark of await look(resource)) {
            if ("open" in remark) open.push(`${resource.name}: ${remark.open}`);
            else findings.push({ severity: "blocker", where: `${stack}/${resource.name}`, urn: resource.urn, ...remark });
        }
    }
    return open.length === 0 ? { findings } : { findings, open: [...new Set(open)].join("; ") };
}
