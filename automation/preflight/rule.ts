/**
 * The shape of a preflight rule. One rule is one file in `rules/`; knowing one is knowing all. `docs/failures.md` is made of them.
 */
import type { AbTestItem, ApprovedModel } from "../../lambdas/shared/documents.ts";
import type { PlatformConfig } from "../../components/config.ts";
import type { Plan } from "../engine/engine.ts";

export type RuleId = `F${number}`;

/** What a rule looks at. Only the last four kinds have a check at run time. */
export type RuleKind = "design" | "types" | "test" | "config" | "plan" | "artifact" | "account";

export type Severity = "blocker" | "warning";

export interface Finding {
    readonly severity: Severity;
    /** `<stack>/<resource or file or config key>`. */
    readonly where: string;
    /** What is wrong, and what was found: "effectiveCacheSizePages 393216 is 3.0 GiB, but db.t3.micro has 1.0 GiB". */
    readonly what: string;
    /** What to do now, when more precise than the rule's own `fix`. */
    readonly fix?: string;
}

/** A check either found something (or nothing), or could not look: then it says why, and counts as not checked, never as passed. */
export type CheckResult = { readonly checked: true; readonly findings: readonly Finding[] } | { readonly checked: false; readonly because: string };

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

/** What is there to look at. A rule that needs what is absent answers `checked: false`. */
export interface Evidence {
    readonly stack: string;
    readonly config?: PlatformConfig;
    readonly plan?: Plans;
    /** The approved model, or that there is none; absent when nobody looked. With two variants, a rule of kind artifact is asked for each. */
    readonly approved?: ApprovedModel | "none";
    readonly artifact?: ArtifactSource;
    /** Of all variants that have one. */
    readonly models?: readonly ModelEvidence[];
    /** Tag of the container image that will serve the artifact, e.g. `3.0-5`. */
    readonly servingImageTag?: string;
    /** Read-only view of the account; absent offline. */
    readonly account?: AccountView;
}

/** Read-only calls to the account. */
export interface AccountView {
    /** Undefined when there is no endpoint of that name. */
    endpointNamed(name: string): Promise<{ status: string; tags: Readonly<Record<string, string>> } | undefined>;
    /**
     * Value of a SageMaker quota in this account and region, by its name in Service Quotas (`ml.m5.large for training job usage`). Undefined when
     * Service Quotas does not list it. The answer may lag behind an increase that was just granted.
     */
    sagemakerQuota(name: string): Promise<number | undefined>;
    /** The A/B test as it is set now; undefined when nobody has set it, or there is no table yet. */
    abTest(tableName: string): Promise<AbTestItem | undefined>;
}

/** A fixture that the rule must find something in, or must pass. */
export interface RuleFixture {
    readonly title: string;
    evidence(): Evidence | Promise<Evidence>;
}

export interface Rule {
    readonly id: RuleId;
    readonly kind: RuleKind;
    readonly title: string;
    /** What happened, what it cost, and where that is reported. */
    readonly story: string;
    /** How the platform is built so that this cannot happen, or undefined when only the check stands between. */
    readonly prevention?: string;
    readonly fix: string;
    /** Whether the rule applies at all to this evidence. */
    applies(evidence: Evidence): boolean;
    check(evidence: Evidence): CheckResult | Promise<CheckResult>;
    readonly mustFind: readonly RuleFixture[];
    readonly mustPass: readonly RuleFixture[];
}
