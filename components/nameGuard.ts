/** Refuses a name that another environment may have while the program declares it, so that a plain `pulumi up` cannot pass it by. */
import * as pulumi from "@pulumi/pulumi";
import type { Naming } from "./naming.ts";
import { findSharedName, namePropertyOf } from "./resourceNames.ts";

/** For everything that is declared from now on. What a remote component makes is seen in the plan alone. @throws pulumi.RunError where it is declared */
export function guardNames({ prefix }: Pick<Naming, "prefix">): void {
    pulumi.runtime.registerStackTransformation(({ type, name: resource, props }) => {
        const property = namePropertyOf(type);
        const value: unknown = property === undefined ? undefined : (props as Readonly<Record<string, unknown>>)[property];
        const check = (name: unknown): void => refuseShared({ resource, name, prefix });
        // A name that is made of another resource's output is read when that is known.
        if (pulumi.Output.isInstance(value)) value.apply(check);
        else check(value);
        return undefined;
    });
}

function refuseShared({ resource, name, prefix }: { readonly resource: string; readonly name: unknown; readonly prefix: string }): void {
    const fault = typeof name === "string" ? findSharedName(name, prefix) : undefined;
    if (fault === undefined) return;
    throw new pulumi.RunError(`F27 ${resource}: ${fault}\n  fix: make the name by context.naming, or leave it out so that the engine names the resource\n  see: docs/failures.md#f27`);
}
