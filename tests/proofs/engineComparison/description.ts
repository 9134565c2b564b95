/** What a compared program declares, as JSON. */

/** A literal, an output of an earlier resource, a secret, or a list or map of these. */
export type Argument =
    | null | boolean | number | string
    | readonly Argument[]
    | OutputArgument | SecretArgument
    | ArgumentMap;

export interface ArgumentMap { readonly [name: string]: Argument }

export interface OutputArgument { readonly $output: readonly [resource: string, property: string] }
export interface SecretArgument { readonly $secret: string }

export interface AliasDescription {
    readonly name: string;
    /** The old one had no parent. */
    readonly noParent?: true;
    /** The old one had this parent. @default the same as now */
    readonly parent?: string;
}

export interface ResourceOptions {
    readonly parent?: string;
    readonly dependsOn?: readonly string[];
    readonly deletedWith?: string;
    readonly protect?: boolean;
    readonly retainOnDelete?: boolean;
    readonly deleteBeforeReplace?: boolean;
    readonly ignoreChanges?: readonly string[];
    readonly replaceOnChanges?: readonly string[];
    readonly additionalSecretOutputs?: readonly string[];
    readonly aliases?: readonly AliasDescription[];
}

export interface ResourceDescription {
    readonly kind: "Thing" | "Named" | "Group";
    readonly name: string;
    readonly args?: Readonly<Record<string, Argument>>;
    readonly options?: ResourceOptions;
}

export interface ProgramDescription {
    readonly resources: readonly ResourceDescription[];
    readonly outputs?: Readonly<Record<string, Argument>>;
    /** After its registrations the program fails with this text. */
    readonly throws?: string;
}
