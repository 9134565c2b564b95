/** Resources as Pulumi shows them to a policy pack. */
import type { PolicyResource } from "@pulumi/policy";
import { UNKNOWN } from "../../automation/engine/provider.ts";

export interface SamplePolicyResource extends Partial<Omit<PolicyResource, "opts">> {
    readonly type: string;
    readonly name: string;
    /** Whether a provider makes it. @default it is a component */
    readonly isCustom?: boolean;
    readonly opts?: Partial<PolicyResource["opts"]>;
}

export function samplePolicyResource({ isCustom = false, opts, ...given }: SamplePolicyResource): PolicyResource {
    const provider = { type: "pulumi:providers:aws", name: "default", urn: "urn:provider", props: {} };
    return {
        urn: `urn:pulumi:dev::firstlight::${given.type}::${given.name}`,
        props: {}, dependencies: [], propertyDependencies: {}, isType: () => false, asType: () => undefined,
        ...(isCustom ? { provider } : {}), ...given,
        opts: {
            protect: false, ignoreChanges: [], aliases: [], additionalSecretOutputs: [],
            customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 }, ...opts,
        },
    };
}

/** Properties that throw when a value is read that is `UNKNOWN`, as the SDK's do. */
export function withUnknown<Properties extends object>(properties: Properties): Properties {
    return new Proxy(properties, {
        get(target, name): unknown {
            const value: unknown = Reflect.get(target, name);
            if (value === UNKNOWN) throw new Error(`string value at .${String(name)} can't be known during preview`);
            return typeof value === "object" && value !== null ? withUnknown(value) : value;
        },
    });
}
