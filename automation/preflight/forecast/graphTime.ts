/** How long a planned graph takes to make, with no bound on what is done side by side, and along which resources. Pure. */
import { expectResource, findProvisioningTime, vpcEndpointTimes } from "../../../components/facts/provisioningTimes.ts";
import type { DurationRange } from "../../../components/facts/provisioningTimes.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import { findCriticalPath } from "../../report/html/criticalPath.ts";
import { addRanges, NO_TIME } from "./ranges.ts";
import type { Waits } from "./waits.ts";

export interface PathStep {
    readonly urn: string;
    readonly name: string;
    readonly type: string;
    readonly seconds: DurationRange;
    /** Page with measured times, or `estimate`. */
    readonly source: string;
}

export interface GraphTime {
    /** Along the longest chain for each of the three: at its quickest another one may be longest than usually. */
    readonly seconds: DurationRange;
    /** The chain that is usually longest, in order; without what takes no time. */
    readonly path: readonly PathStep[];
    /** Of all of them one after the other. */
    readonly oneByOne: DurationRange;
    /** How many resources are made or changed. */
    readonly changes: number;
}

type Bound = keyof DurationRange;

/**
 * Pulumi works on all that waits for nothing; AWS's limits on calls are left out.
 *
 * @param waits from the whole plan
 */
export function forecastGraph(resources: readonly PlannedResource[], waits: Waits): GraphTime {
    const changed = resources.filter(({ custom, operation }) => custom && !["same", "read", "retain"].includes(operation));
    const steps = new Map(changed.map((resource) => [resource.urn, describeStep(resource)]));
    // Already in order and complete: neither parents nor components are to be followed again.
    const edges = [...waits].map(([urn, each]) => ({ urn, dependencies: each.map((wait) => wait.urn) }));
    const chainBy = (bound: Bound): readonly PathStep[] => {
        const durations = new Map([...steps].map(([urn, { seconds }]) => [urn, seconds[bound] * 1000]));
        return findCriticalPath(edges, durations).flatMap(({ urn }) => steps.get(urn) ?? []);
    };
    const path = chainBy("typical");
    return {
        seconds: {
            min: totalOf(chainBy("min"), "min"), typical: totalOf(path, "typical"), max: totalOf(chainBy("max"), "max"),
        },
        path,
        oneByOne: addRanges(...[...steps.values()].map(({ seconds }) => seconds)),
        changes: changed.length,
    };
}

function describeStep(resource: PlannedResource): PathStep {
    const { urn, name, type } = resource;
    return { urn, name, type, seconds: expectStep(resource), source: findProvisioningTime(type)?.source ?? "estimate" };
}

/** The type alone does not say which kind of VPC endpoint it is, and one takes ten times as long as the other. */
function expectStep({ type, operation, inputs }: PlannedResource): DurationRange {
    if (type === "aws:ec2/vpcEndpoint:VpcEndpoint" && operation === "create") {
        return vpcEndpointTimes[inputs["vpcEndpointType"] === "Interface" ? "Interface" : "Gateway"];
    }
    return expectResource(type, operation);
}

function totalOf(chain: readonly PathStep[], bound: Bound): number {
    return addRanges(NO_TIME, ...chain.map(({ seconds }) => seconds))[bound];
}
