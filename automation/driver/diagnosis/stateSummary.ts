import type { StackResource } from "../../engine/engine.ts";

/** What of a resource may be shown to somebody else: who it is, not what is in it. */
export interface ResourceSummary {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly parent?: string;
    readonly dependencies: number;
    /** Names of its inputs, without values. */
    readonly inputs: readonly string[];
}

/** In the order of the state. The ids of secrets' versions and of access keys say too much. */
export function summarizeState(resources: readonly StackResource[]): readonly ResourceSummary[] {
    return resources.map(({ urn, type, id, parent, dependencies, inputs }) => ({
        urn, type,
        ...(id === undefined || SECRET_IDS.test(type) ? {} : { id }),
        ...(parent === undefined ? {} : { parent }),
        dependencies: dependencies.length, inputs: Object.keys(inputs),
    }));
}

const SECRET_IDS = /^(random:|aws:iam\/accessKey:|aws:secretsmanager\/secretVersion:)/;
