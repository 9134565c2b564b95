/** What a resource waits for before it is made, and for which reason. Pure. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";

/**
 * `input`: it uses an output of it. `dependsOn`: the program says so. `parent`: a child is made after the resource that it stands under.
 * `component`: it uses an output of a component of another package, which answers when all that it consists of is there.
 */
export type WaitReason = "input" | "dependsOn" | "parent" | "component";

export interface Wait {
    /** Of what is waited for. */
    readonly urn: string;
    readonly because: WaitReason;
    /** The component through which, when `because` is `component`. */
    readonly component?: string;
}

/** By URN of the waiting resource; each that is waited for once, by its best reason: what is used is not called unused. */
export type Waits = ReadonlyMap<string, readonly Wait[]>;

/** As Pulumi waits: for dependencies, the parent, and a whole component where one is depended on; never for itself or what is below it. */
export function findWaits({ resources }: Plan): Waits {
    const family = new Family(resources);
    return new Map(resources.map((resource) => [resource.urn, family.waitsOf(resource)]));
}

/** Without those waits. */
export function withoutWaits(waits: Waits, isLeft: (waiter: string, wait: Wait) => boolean): Waits {
    return new Map([...waits].map(([urn, each]) => [urn, each.filter((wait) => !isLeft(urn, wait))]));
}

class Family {
    readonly #byUrn: ReadonlyMap<string, PlannedResource>;
    readonly #children = new Map<string, string[]>();

    constructor(resources: readonly PlannedResource[]) {
        this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
        for (const { urn, parent } of resources) {
            if (parent !== undefined) this.#children.set(parent, [...this.#children.get(parent) ?? [], urn]);
        }
    }

    waitsOf(resource: PlannedResource): readonly Wait[] {
        const found = new Map<string, Wait>();
        const add = (wait: Wait): void => {
            const { urn } = wait;
            if (this.#byUrn.has(urn) && urn !== resource.urn && !this.#isBelow(urn, resource.urn) && !found.has(urn)) found.set(urn, wait);
        };
        const used = Object.values(resource.propertyDependencies).flat();
        used.filter((urn) => !this.#isComponent(urn)).forEach((urn) => add({ urn, because: "input" }));
        const others = [...used, ...resource.dependencies];
        others.filter((urn) => !this.#isComponent(urn)).forEach((urn) => add({ urn, because: "dependsOn" }));
        for (const component of others.filter((urn) => this.#isComponent(urn) && !this.#isBelow(resource.urn, urn))) {
            const because = used.includes(component) ? "component" : "dependsOn";
            for (const urn of this.#within(component)) add({ urn, because, component });
        }
        if (resource.parent !== undefined) add({ urn: resource.parent, because: "parent" });
        return [...found.values()];
    }

    #isComponent(urn: string): boolean {
        return this.#byUrn.get(urn)?.custom === false;
    }

    #within(component: string): readonly string[] {
        return (this.#children.get(component) ?? []).flatMap((urn) => [urn, ...this.#within(urn)]);
    }

    #isBelow(urn: string, ancestor: string): boolean {
        const above = this.#byUrn.get(urn)?.parent;
        return above !== undefined && (above === ancestor || this.#isBelow(above, ancestor));
    }
}
