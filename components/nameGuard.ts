/** Refuses a name that another environment may have, or that its service refuses, while the program declares it: a plain `pulumi up` cannot pass it by. */
import * as pulumi from "@pulumi/pulumi";
import type { Naming } from "./naming.ts";
import { renderRefusedName } from "./refusedName.ts";
import type { RefusedName } from "./refusedName.ts";
import { carriesEnvironment, findRefusedName, findSharedName, namePropertyOf } from "./resourceNames.ts";

/** For everything that is declared from now on. What a remote component makes is seen in the plan alone. @throws pulumi.RunError where it is declared */
export function guardNames({ prefix }: Pick<Naming, "prefix">): void {
    pulumi.runtime.registerStackTransformation(({ type, name: resource, props }) => {
        if (!type.startsWith("aws:")) return undefined;
        const value: unknown = (props as Readonly<Record<string, unknown>>)[namePropertyOf(type)];
        const shared = (name: unknown): void => refuse({ failure: "F27", resource }, textOf(name, (text) => findSharedName(type, text, prefix)));
        // A name that is made of another resource's output is read when that is known.
        if (carriesEnvironment(type) && pulumi.Output.isInstance(value)) value.apply(shared);
        else if (carriesEnvironment(type)) shared(value);
        refuse({ failure: "F31", resource }, textOf(value, (text) => findRefusedName(type, text)));
        return undefined;
    });
}

function textOf(name: unknown, find: (text: string) => string | undefined): string | undefined {
    return typeof name === "string" ? find(name) : undefined;
}

function refuse(named: Pick<RefusedName, "failure" | "resource">, what: string | undefined): void {
    if (what === undefined) return;
    throw new pulumi.RunError(renderRefusedName({ ...named, what, fix: "make the name by context.naming, or leave it out so that the engine names the resource" }));
}
