/**
 * Stands in the place of `index.ts` in a copy of the project: the same program, of which some inputs are changed on their way to the
 * engine. Where they come from stays known, so that everything else waits for the same.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";

interface InputChange { readonly type: string; readonly name: string; readonly property: string; readonly value?: unknown }

const changes = JSON.parse(readFileSync(path.join(import.meta.dirname, "mutation.json"), "utf8")) as readonly InputChange[];

pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    const own = changes.filter((change) => change.type === type && change.name === name);
    if (own.length === 0) return undefined;
    const changed = own.map(({ property, value }) => [property, value === undefined ? undefined : replace((props as Record<string, unknown>)[property], value)] as const);
    return { props: { ...props, ...Object.fromEntries(changed) } as typeof props, opts };
});

function replace(former: unknown, value: unknown): unknown {
    return former === undefined ? value : pulumi.output(former).apply(() => value);
}

/** In the copy, the program's own `index.ts`. */
const program = path.join(import.meta.dirname, "program.ts");
const { default: declarePlatform } = await import(program) as { default: () => Promise<unknown> };

export default declarePlatform;
