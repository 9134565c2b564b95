/** What the program asks for one resource: a registration request in the engine's own words. */
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { SourcePosition } from "../engine.ts";
import type { AliasRequest } from "./aliases.ts";
import { readSourcePosition } from "./sourcePosition.ts";
import type { ValueMap } from "./values.ts";
import { unmarshalMap } from "./wire.ts";

export interface Goal {
    readonly type: string;
    readonly name: string;
    readonly custom: boolean;
    readonly parent: string;
    readonly inputs: ValueMap;
    readonly dependencies: readonly string[];
    readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
    /** `<urn>::<id>`; empty for the default provider of the package and version. */
    readonly provider: string;
    /** Providers that a component gives to its children, by package. */
    readonly providers: Readonly<Record<string, string>>;
    /** Version of the package that the program uses; empty for the newest. */
    readonly version: string;
    /** Undefined when the program leaves it to the parent. */
    readonly protect: boolean | undefined;
    /** Undefined when the program leaves it to the parent. */
    readonly retainOnDelete: boolean | undefined;
    readonly deletedWith: string;
    /** Undefined when the program leaves it to the provider. */
    readonly deleteBeforeReplace: boolean | undefined;
    readonly ignoreChanges: readonly string[];
    readonly replaceOnChanges: readonly string[];
    readonly additionalSecretOutputs: readonly string[];
    readonly aliases: readonly AliasRequest[];
    /** Absent for what this engine registers by itself. */
    readonly sourcePosition?: SourcePosition;
}

/** What the program asked and this engine does not do, in words for its author. Empty when everything is supported. */
export function findUnsupported(request: RegisterResourceRequest): string[] {
    const options: readonly (readonly [boolean, string])[] = [
        [request.getImportid() !== "", "has the option import; use the real engine to import"],
        [request.getTransformsList().length > 0, "has the option transforms; use transformations, which the program runs itself"],
        [request.getStateMigrationsList().length > 0, "has the option stateMigrations; use the real engine"],
        [hasHooks(request), "has the option hooks; use the real engine"],
        [request.getReplaceWithList().length > 0, "has the option replaceWith; use replaceOnChanges"],
        [request.hasReplacementTrigger(), "has the option replacementTrigger; use replaceOnChanges"],
        [request.getPackageref() !== "", "belongs to a parameterized package; use the real engine"],
    ];
    return options.filter(([isUsed]) => isUsed).map(([, words]) => words);
}

function hasHooks(request: RegisterResourceRequest): boolean {
    return Object.values(request.getHooks()?.toObject() ?? {}).some((names) => names.length > 0);
}

/** Reads a registration. @throws when an asset of it cannot be read. */
export function parseGoal(request: RegisterResourceRequest, projectFolder: string): Goal {
    const propertyDependencies: Record<string, readonly string[]> = {};
    request.getPropertydependenciesMap().forEach((urns, property) => {
        propertyDependencies[property] = urns.getUrnsList();
    });
    const sourcePosition = readSourcePosition(request, projectFolder);
    return {
        ...(sourcePosition === undefined ? {} : { sourcePosition }),
        type: request.getType(),
        name: request.getName(),
        custom: request.getCustom(),
        parent: request.getParent(),
        inputs: unmarshalMap(request.getObject()?.toJavaScript(), projectFolder),
        dependencies: request.getDependenciesList(),
        propertyDependencies,
        provider: request.getProvider(),
        providers: Object.fromEntries(request.getProvidersMap().toObject()),
        version: request.getVersion(),
        protect: request.hasProtect() ? request.getProtect() : undefined,
        retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
        deletedWith: request.getDeletedwith(),
        deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        aliases: parseAliases(request),
    };
}

function parseAliases(request: RegisterResourceRequest): AliasRequest[] {
    const urns = request.getAliasurnsList().map((urn): AliasRequest => ({ urn }));
    const specs = request.getAliasesList().map((alias): AliasRequest => {
        const spec = alias.getSpec();
        if (spec === undefined) return { urn: alias.getUrn() };
        return {
            name: spec.getName(), type: spec.getType(), stack: spec.getStack(), project: spec.getProject(),
            parentUrn: spec.getParenturn(), noParent: spec.hasNoparent() && spec.getNoparent(),
        };
    });
    return [...urns, ...specs];
}
