/** Which component a resource belongs to: the outermost one, below the stack. Pure. */
import { isProvisioned } from "../../componentTypes.ts";
import { shortTypeOf } from "../../progress/liveView/renderRun.ts";
import type { HtmlReportInput } from "../htmlInput.ts";

type Resource = HtmlReportInput["resources"][number];

const STACK_TYPE = "pulumi:pulumi:Stack";
/** What stands directly below the stack. */
const NO_COMPONENT = "stack";

/** Names of outermost components by URN. Of a resource that is in no state any more, its URN tells the component's type. */
export function createComponentFinder(resources: readonly Resource[]): (urn: string) => string {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    return (urn) => {
        let current = byUrn.get(urn);
        if (current === undefined) return componentInUrn(urn);
        for (let above = byUrn.get(current.parent ?? ""); above !== undefined && above.type !== STACK_TYPE; above = byUrn.get(above.parent ?? "")) current = above;
        return isProvisioned(current.type) || current.type === STACK_TYPE ? NO_COMPONENT : current.name;
    };
}

/** `Storage` of `urn:pulumi:dev::firstlight::firstlight:data:Storage$...::raw`. */
function componentInUrn(urn: string): string {
    const types = urn.split("::")[2]?.split("$") ?? [];
    const outermost = types[0] ?? "";
    return types.length < 2 || isProvisioned(outermost) ? NO_COMPONENT : shortTypeOf(outermost).split(" ").at(-1) ?? NO_COMPONENT;
}

export interface ComponentNeed {
    readonly from: string;
    readonly to: string;
    /** Dependencies between their resources. */
    readonly count: number;
}

/** How often the resources of one component depend on those of another. */
export function countNeeds(resources: readonly Resource[]): readonly ComponentNeed[] {
    const componentOf = createComponentFinder(resources);
    const counts = new Map<string, number>();
    for (const { urn, type, dependencies } of resources.filter(({ type }) => isProvisioned(type))) {
        for (const dependency of dependencies) {
            const [from, to] = [componentOf(urn), componentOf(dependency)];
            if (from !== to && isProvisioned(type)) counts.set(`${from}\n${to}`, (counts.get(`${from}\n${to}`) ?? 0) + 1);
        }
    }
    return [...counts].map(([key, count]) => {
        const [from = "", to = ""] = key.split("\n");
        return { from, to, count };
    });
}
