/** Where a planned stack is deployed to, as its own ARNs say. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";

/** All three as ARNs write them. */
export interface Place { readonly partition: string; readonly region: string; readonly account: string }

/** Partition, service, region and account of every ARN in a text. */
export const ARN = /arn:([a-z-]+):([a-z0-9-]+):([a-z0-9-]*):([a-z0-9-]*):[^"\s,\]]*/g;

/** What most ARNs with a region and an account say; undefined when none does. Images lie in accounts of AWS and do not count. */
export function findPlace(plan: Plan): Place | undefined {
    const counts = new Map<string, number>();
    for (const text of plan.resources.map(textOf)) {
        for (const [, partition, service, region, account] of text.matchAll(ARN)) {
            if (region === "" || !/^\d{12}$/.test(account ?? "") || service === "ecr") continue;
            const key = `${partition} ${region} ${account}`;
            counts.set(key, (counts.get(key) ?? 0) + 1);
        }
    }
    const [commonest] = [...counts].sort(([, a], [, b]) => b - a);
    if (commonest === undefined) return undefined;
    const [partition = "", region = "", account = ""] = commonest[0].split(" ");
    return { partition, region, account };
}

/** Inputs as text; what is unknown has no text. */
export function textOf({ inputs }: Pick<PlannedResource, "inputs">): string {
    return JSON.stringify(inputs).replaceAll('\\"', '"');
}
