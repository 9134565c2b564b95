/** One look of all rules at what Pulumi is about to deploy. */
import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import type { Plan } from "../engine/engine.ts";
import type { PropertyMap } from "../engine/provider.ts";
import type { PreflightResult } from "../preflight/result.ts";
import { readPlan, readProperties } from "./readPlan.ts";

/**
 * Pulumi shows a pack the inputs one resource at a time, and at the end all resources together, once per policy, with their outputs. The
 * rules read inputs, so those are kept; and they all look at once, when the first policy asks.
 */
export class Review {
    readonly #look: (plan: Plan) => Promise<PreflightResult>;
    readonly #inputs = new Map<string, PropertyMap>();
    #result: Promise<PreflightResult> | undefined;

    constructor(look: (plan: Plan) => Promise<PreflightResult>) {
        this.#look = look;
    }

    /** Keeps what a resource is asked for; what was found before is out of date. */
    note({ urn, props }: Pick<ResourceValidationArgs, "urn" | "props">): void {
        this.#inputs.set(urn, readProperties(props));
        this.#result = undefined;
    }

    look(resources: readonly PolicyResource[]): Promise<PreflightResult> {
        this.#result ??= this.#look(readPlan(resources, this.#inputs));
        return this.#result;
    }
}
