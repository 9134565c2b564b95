/** Small plans, accounts and configurations for the fixtures of rules. */
import { parseConfig } from "../../components/config.ts";
import type { PlatformConfig } from "../../components/config.ts";
import type { Plan, PlannedResource } from "../engine/engine.ts";
import type { PropertyMap } from "../engine/provider.ts";
import type { AccountView } from "./account/accountView.ts";
import { STATE_MACHINE } from "./planReading/definitions.ts";
import type { Evidence, Having } from "./rule.ts";

export type SampleResource = Pick<PlannedResource, "type" | "name"> & Partial<PlannedResource>;

export function buildPlan(...resources: readonly SampleResource[]): Plan {
    const planned = resources.map((resource): PlannedResource => ({
        urn: urnOf(resource), custom: true, inputs: {}, dependencies: [], propertyDependencies: {},
        protect: false, retainOnDelete: false, ignoreChanges: [], operation: "create", ...resource,
    }));
    return { resources: planned, counts: { create: planned.length } };
}

export function urnOf({ type, name }: Pick<SampleResource, "type" | "name">): string {
    return `urn:pulumi:dev::firstlight::${type}::${name}`;
}

/** The graph that a rule is shown. */
export function buildPlanEvidence(...resources: readonly SampleResource[]): Having<"plan"> {
    return { stack: "dev", plan: buildPlan(...resources) };
}

/** Inputs of a resource: what is undefined is left out, as the engine leaves it out. */
export function withoutAbsent(inputs: Readonly<Record<string, PropertyMap[string] | undefined>>): PropertyMap {
    return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined)) as PropertyMap;
}

/** The same, as it is when nobody has looked into the state. */
export function withoutState({ state: _state, ...evidence }: Evidence): Evidence {
    return evidence;
}

/** A good configuration, but for what is given below `firstlight:`. */
export function buildConfig(values: Readonly<Record<string, unknown>> = {}): PlatformConfig {
    return parseConfig({ project: "firstlight", stack: "dev", values: { data: { label: "churned" }, ...values } });
}

/** An account with nothing in it and no quota listed, but for what is given. */
export function buildAccount(view: Partial<AccountView> = {}): AccountView {
    return {
        region: "eu-central-1", endpointNamed: async () => undefined, abTest: async () => undefined, quota: async () => undefined, existing: async () => undefined,
        owned: async () => [], unseen: async () => [], addresses: async () => [], countVpcs: async () => 0, countNatGateways: async () => new Map(),
        functionConcurrency: async () => ({ limit: 1000, unreserved: 1000 }), bucket: async () => undefined, databaseOfferings: async () => [],
        image: async () => undefined, secret: async () => undefined, subscriptions: async () => undefined, logPolicies: async () => [],
        deniedByOrganization: async () => [], ...view,
    };
}

/** A state machine of these states. */
export function buildStatesEvidence(states: Readonly<Record<string, object>>): Having<"plan"> {
    const definition = JSON.stringify({ StartAt: Object.keys(states)[0] ?? "", States: states });
    return buildPlanEvidence({ type: STATE_MACHINE, name: "pipeline", inputs: { definition } });
}

/** A state machine with one training job of these parameters. */
export function buildTrainingEvidence(parameters: object): Having<"plan"> {
    return buildStatesEvidence({ Train: { Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", Parameters: parameters, End: true } });
}
