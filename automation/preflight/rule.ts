/**
 * The shape of a preflight rule. One rule is one file in `rules/`; knowing one is knowing all. `docs/failures.md` is made of them.
 */
import type { PlatformConfig } from "../../components/config.ts";
import type { ApprovedModel } from "../../lambdas/shared/documents.ts";
import type { Plan, StackResource } from "../engine/engine.ts";
import type { StackSettings } from "../stackSettings.ts";
import type { AccountView } from "./account/accountView.ts";

export type RuleId = `F${number}`;

/** Held by how the platform is built: nothing is left to look at when it runs. */
export type StandingKind = "design" | "types" | "test";
/** What a check looks at first: a setting, the planned resources, a file, or the account. */
export type CheckedKind = "config" | "plan" | "artifact" | "account";
export type RuleKind = StandingKind | CheckedKind;

/** Blockers are certain; what may have changed since it was asked (quotas lag) warns. */
export type Severity = "blocker" | "warning";

/** `as it is` now, or `with endpoints on`. */
export type GraphName = "as it is" | "with endpoints on";

export interface Finding {
    readonly severity: Severity;
    /** `<stack>/<resource or file or config key>`. */
    readonly where: string;
    /** What is wrong, and what was found: "effectiveCacheSizePages 393216 is 3.0 GiB, but db.t3.micro has 1.0 GiB". */
    readonly what: string;
    /** What to do now, when more precise than the rule's own `fix`. */
    readonly fix?: string;
    /** The planned resource it is about; reports point at its line in the program. */
    readonly urn?: string;
    /** The setting that decides it, as in `Pulumi.<stack>.yaml` below `firstlight:`, e.g. `training.instanceType`, or `aws:region`; reports point at its line. */
    readonly setting?: string;
    /** The package of package.json that it is about; reports point at its line. */
    readonly packageName?: string;
}

export interface CheckResult {
    readonly findings: readonly Finding[];
    /** What could not be looked at, and why: the rule counts as not checked, whatever else it found. @default everything was looked at */
    readonly open?: string;
}

/** Bytes of a model artifact, read by range so that a large file need not be fetched whole. */
export interface ArtifactSource {
    readonly url: string;
    readonly sizeBytes: number;
    read(offset: number, length: number): Promise<Uint8Array>;
}

/** The graph as it is now, and the graph with endpoints on. */
export interface Plans {
    readonly asIs: Plan;
    readonly endpointsOn: Plan;
}

/** A model that the pipeline approved, and its artifact, if that is there. */
export interface ModelEvidence {
    readonly approved: ApprovedModel;
    readonly artifact?: ArtifactSource;
}

/** Where the command itself runs. */
export interface RunnerEvidence {
    /** Whether it is a CI job. */
    readonly isCi: boolean;
    /** Of the states, as Pulumi takes it: `s3://...`, `file://...`, `https://api.pulumi.com`. Undefined when none is chosen. */
    readonly backendUrl: string | undefined;
}

/** A package of the program that belongs to a provider's plugin. */
export interface SdkPackage {
    /** E.g. `@pulumi/command`. */
    readonly name: string;
    /** As package.json asks for it: `1.2.1`, `^1.2.1`. */
    readonly wanted: string;
    /** Name of the plugin, e.g. `command`. */
    readonly plugin: string;
    /** Of the plugin that the engine will be asked for; undefined when the package is not installed. */
    readonly pluginVersion?: string;
}

/** What is there to look at. The runner shows a rule one graph, and one model, at a time. */
export interface Evidence {
    readonly stack: string;
    readonly config?: PlatformConfig;
    /** `Pulumi.yaml` and `Pulumi.<stack>.yaml` as they stand. */
    readonly settings?: StackSettings;
    readonly runner?: RunnerEvidence;
    readonly packages?: readonly SdkPackage[];
    /** Both graphs; most rules want `plan`. */
    readonly plans?: Plans;
    /** The graph that is looked at. */
    readonly plan?: Plan;
    /** What the state holds; empty before the first deployment. */
    readonly state?: readonly StackResource[];
    /** The approved model, or that there is none; absent when nobody looked. */
    readonly approved?: ApprovedModel | "none";
    readonly artifact?: ArtifactSource;
    /** Of all variants that have one. */
    readonly models?: readonly ModelEvidence[];
    /** Tag of the container image that will serve the artifact, e.g. `3.0-5`. */
    readonly servingImageTag?: string;
    /** Read-only view of the account; absent offline. */
    readonly account?: AccountView;
    /** Why a part is not there, for people, where somebody knows: `no Pulumi backend is chosen`. */
    readonly absent?: Readonly<Partial<Record<EvidencePart, string>>>;
}

export type EvidencePart = Exclude<keyof Evidence, "stack" | "absent">;
/** Evidence in which these parts are there. */
export type Having<Part extends EvidencePart> = Evidence & { readonly [Name in Part]-?: NonNullable<Evidence[Name]> };

/** A fixture that the rule must find something in, or must pass. */
export interface RuleFixture {
    readonly title: string;
    evidence(): Evidence | Promise<Evidence>;
}

interface RuleHead {
    readonly id: RuleId;
    readonly title: string;
    /** What happened, and what it cost. */
    readonly story: string;
    /** Where that is reported: one of the field reports (`S0` to `S4`), or an address. */
    readonly source: string;
    /** How the platform is built so that this cannot happen, or undefined when only the check stands between. */
    readonly prevention?: string;
    /** What to do when it is met. */
    readonly fix: string;
}

/** A failure that cannot happen by how the platform is built. */
export interface StandingRule extends RuleHead {
    readonly kind: StandingKind;
    readonly prevention: string;
    /** Files that hold it: the type, the component, or the test that would fail. Relative to the project. */
    readonly heldBy: readonly string[];
}

/** A failure that is looked for. */
export interface CheckedRule extends RuleHead {
    readonly kind: CheckedKind;
    /** Without these the rule is not checked. */
    readonly needs: readonly EvidencePart[];
    /** Failures that come of this one: what it finds is told before what they find. @default none */
    readonly explains?: readonly RuleId[];
    /** Whether there is anything of the kind at all; a stack without a database has no rule about databases to pass. */
    applies(evidence: Evidence): boolean;
    check(evidence: Evidence): CheckResult | Promise<CheckResult>;
    /** Loads what takes long to load, while the evidence is gathered. The check does without it having been called. */
    prepare?(): void;
    readonly mustFind: readonly RuleFixture[];
    readonly mustPass: readonly RuleFixture[];
}

export type Rule = StandingRule | CheckedRule;

/** A checked rule as its file writes it: what it needs is there when it is asked. */
export interface RuleDefinition<Part extends EvidencePart> extends Omit<CheckedRule, "needs" | "applies" | "check"> {
    readonly needs: readonly Part[];
    /** @default always */
    applies?(evidence: Having<Part>): boolean;
    check(evidence: Having<Part>): CheckResult | Promise<CheckResult>;
}

/** Only the runner asks a rule, and only with what it needs (`lacksEvidence`). */
export function defineRule<Part extends EvidencePart>(definition: RuleDefinition<Part>): CheckedRule {
    const { applies = () => true, check } = definition;
    return { ...definition, applies: (evidence) => applies(evidence as Having<Part>), check: (evidence) => check(evidence as Having<Part>) };
}

/** Parts that the rule needs and the evidence lacks. */
export function lacksEvidence({ needs }: CheckedRule, evidence: Evidence): readonly EvidencePart[] {
    return needs.filter((part) => evidence[part] === undefined);
}

/** For people. */
const PARTS: Readonly<Record<EvidencePart, string>> = {
    config: "the configuration", settings: "the stack's files", runner: "to know where it runs", packages: "the project's packages",
    plans: "the plans", plan: "the plan", state: "the state", approved: "to know which model is approved", artifact: "a trained model",
    models: "a trained model", servingImageTag: "the serving image", account: "the account",
};

/** `it needs the state (no Pulumi backend is chosen) and the account (--offline)` */
export function describeLack(parts: readonly EvidencePart[], { absent = {} }: Evidence): string {
    const named = parts.map((part) => (absent[part] === undefined ? PARTS[part] : `${PARTS[part]} (${absent[part]})`));
    return `it needs ${named.join(" and ")}`;
}

export function isChecked(rule: Rule): rule is CheckedRule {
    return rule.kind !== "design" && rule.kind !== "types" && rule.kind !== "test";
}
