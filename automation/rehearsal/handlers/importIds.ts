/**
 * Ids as `pulumi import` takes them, of resources that their own id does not find: what the import says beside it, in the words of the inputs.
 * Forms: the "Import" section of each type's page in the registry.
 */
import type { PropertyMap } from "../../engine/provider.ts";

/** What an import names. */
export interface ImportedId {
    /** As the state has it; where the cloud chooses it, the read gives it. */
    readonly id: string;
    readonly inputs: PropertyMap;
}

/** Undefined when the id is not of the form of an import. */
export type ImportIdParser = (id: string) => ImportedId | undefined;

/** `parent/own`: the state keeps the last part. */
export function parentAndOwn(parentProperty: string): ImportIdParser {
    return (id) => {
        const [, parent, own] = /^([^/]+)\/([^/]+)$/.exec(id) ?? [];
        return parent === undefined || own === undefined ? undefined : { id: own, inputs: { [parentProperty]: parent } };
    };
}

/** `function/statement` or `function:qualifier/statement`. */
export const permissionId: ImportIdParser = (id) => {
    const [, name, qualifier, own] = /^([^/:]+)(?::([^/]+))?\/([^/]+)$/.exec(id) ?? [];
    if (name === undefined || own === undefined) return undefined;
    return { id: own, inputs: { function: name, ...(qualifier === undefined ? {} : { qualifier }) } };
};

/** `bus/rule/target`, or `rule/target` on the default bus, which an id in the state leaves out. */
export const eventTargetId: ImportIdParser = (id) => {
    const [, bus = DEFAULT_BUS, rule, target] = /^(?:(.+)\/)?([^/]+)\/([^/]+)$/.exec(id) ?? [];
    if (rule === undefined) return undefined;
    return { id: `${rule}-${target}`, inputs: { rule, ...givenBus(bus) } };
};

/** `bus/rule`, or `rule` on the default bus. */
export const eventRuleId: ImportIdParser = (id) => {
    const [, bus = DEFAULT_BUS, name] = /^(?:(.+)\/)?([^/]+)$/.exec(id) ?? [];
    return name === undefined ? undefined : { id: bus === DEFAULT_BUS ? name : id, inputs: givenBus(bus) };
};

/** `subnet/table`; the association's own id is read. */
export const associationId: ImportIdParser = (id) => {
    const [, subnetId, routeTableId] = /^(subnet-[^/]+)\/(rtb-[^/]+)$/.exec(id) ?? [];
    return subnetId === undefined || routeTableId === undefined ? undefined : { id, inputs: { subnetId, routeTableId } };
};

/** `table_destination`. */
export const routeImportId: ImportIdParser = (id) => {
    const [, routeTableId, destinationCidrBlock] = /^(rtb-[^_]+)_([\d.]+\/\d+)$/.exec(id) ?? [];
    return routeTableId === undefined || destinationCidrBlock === undefined ? undefined : { id, inputs: { routeTableId, destinationCidrBlock } };
};

const DEFAULT_BUS = "default";

function givenBus(bus: string): PropertyMap {
    return bus === DEFAULT_BUS ? {} : { eventBusName: bus };
}
