/** Small plans for the fixtures of rules. */
import type { Plan, PlannedResource } from "../engine/engine.ts";
import { STATE_MACHINE } from "./definitions.ts";
import type { AccountView, Evidence } from "./rule.ts";

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

/** Evidence in which both graphs are the same. */
export function buildPlanEvidence(...resources: readonly SampleResource[]): Evidence {
    const plan = buildPlan(...resources);
    return { stack: "dev", plan: { asIs: plan, endpointsOn: plan } };
}

/** An account with nothing in it, but for what is given. */
export function buildAccount(view: Partial<AccountView> = {}): AccountView {
    return { endpointNamed: async () => undefined, sagemakerQuota: async () => undefined, abTest: async () => undefined, ...view };
}

/** A state machine of these states. */
export function buildStatesEvidence(states: Readonly<Record<string, object>>): Evidence {
    const definition = JSON.stringify({ StartAt: Object.keys(states)[0] ?? "", States: states });
    return buildPlanEvidence({ type: STATE_MACHINE, name: "pipeline", inputs: { definition } });
}

/** A state machine with one training job of these parameters. */
export function buildTrainingEvidence(parameters: object): Evidence {
    return buildStatesEvidence({ Train: { Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", Parameters: parameters, End: true } });
}
