/**
 * Preflight's rules about planned resources as a Pulumi policy pack:
 *
 *     pulumi preview --policy-pack automation/policyPack
 *
 * It sees what Pulumi sees: before the first deployment many values are unknown, and the rules that need them say so. What `npm run
 * preflight` sees beyond that: docs/policy-pack.md.
 */
import * as pulumi from "@pulumi/pulumi";
import { PolicyPack } from "@pulumi/policy";
import type { PlatformConfig } from "../../components/config.ts";
import { readConfig } from "../../components/programContext.ts";
import { loadCheckedRules, runPreflight } from "../preflight/runPreflight.ts";
import { buildPolicies } from "./policies.ts";
import { Review } from "./review.ts";

const stack = pulumi.getStack();
const config = readOwnConfig();
const rules = (await loadCheckedRules()).filter(({ kind }) => kind === "plan");
const review = new Review((plan) => runPreflight({ stack, plan, ...(config === undefined ? {} : { config }) }, { kinds: ["plan"] }));

new PolicyPack("firstlight", { policies: buildPolicies(rules, review) });

/** Undefined when the configuration is wrong, or another program's: the program says what is wrong with it. */
function readOwnConfig(): PlatformConfig | undefined {
    try {
        return readConfig();
    } catch (error) {
        if (pulumi.RunError.isInstance(error)) return undefined;
        throw error;
    }
}
