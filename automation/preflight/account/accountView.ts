/**
 * What rules ask of the account: read-only questions, each asked once a run however many rules ask it. A question that gets no answer
 * throws an `UnansweredError`; the rule then counts as not checked, with its reason.
 */
import type { AbTestItem } from "../../../lambdas/shared/documents.ts";
import type { NameHolder } from "../../account/identity.ts";
import type { OwnedResource } from "../../account/ownedResource.ts";
import type { PlannedResource } from "../../engine/engine.ts";

/** Why there is no answer: not allowed to ask, asked too fast, nobody there, or something else. */
export type UnansweredBecause = "denied" | "throttled" | "unreachable" | "other";

/** A question to the account that was not answered. The message names the action that was asked, and what to do. */
export class UnansweredError extends Error {
    override readonly name = "UnansweredError";
    readonly because: UnansweredBecause;

    constructor(message: string, because: UnansweredBecause, options?: ErrorOptions) {
        super(message, options);
        this.because = because;
    }
}

export interface AccountQuota {
    readonly value: number;
    /** Whether it is what every account has: nobody asked for more, and AWS did not begin with less, as it does with new accounts. */
    readonly isDefault: boolean;
}

export interface ElasticAddress {
    readonly allocationId: string;
    readonly publicIp: string;
    /** What holds it: a network interface's description or an instance's id; undefined for one that lies idle. */
    readonly holder: string | undefined;
    readonly tags: Readonly<Record<string, string>>;
}

export interface BucketFacts {
    readonly region: string;
    readonly isVersioned: boolean;
    readonly isEncrypted: boolean;
}

/** Executions of functions at a time. */
export interface FunctionConcurrency {
    readonly limit: number;
    /** What no function has reserved for itself. */
    readonly unreserved: number;
}

export interface TopicSubscriptions {
    readonly confirmed: number;
    /** Endpoints that nobody has confirmed. */
    readonly unconfirmed: readonly string[];
}

export interface LogPolicy {
    readonly name: string;
    /** Of the document. */
    readonly sizeBytes: number;
}

/** Whether these actions may be done on the resource. */
export interface AllowanceQuestion {
    readonly actions: readonly string[];
    readonly resourceArn: string;
}

export interface DatabaseOffering {
    readonly engineVersion: string;
    readonly supportsPerformanceInsights: boolean;
    /** Storage types offered, e.g. `gp3`. */
    readonly storageTypes: readonly string[];
}

export interface AccountView {
    /** Where all of this is asked, e.g. `eu-central-1`. */
    readonly region: string;
    /** Undefined when there is no endpoint of that name. */
    endpointNamed(name: string): Promise<{ status: string; tags: Readonly<Record<string, string>> } | undefined>;
    /** The A/B test as it is set now; undefined when nobody has set it, or there is no table yet. */
    abTest(tableName: string): Promise<AbTestItem | undefined>;
    /**
     * A quota in this account and region, by the code of its service and its name in Service Quotas (`sagemaker`, `ml.m5.large for training
     * job usage`). Undefined when Service Quotas does not list it. The answer may lag behind an increase that was just granted.
     */
    quota(service: string, name: string): Promise<AccountQuota | undefined>;
    /**
     * What has the name that a create of the planned resource would take. Undefined when the name is free, or the type has no unique name;
     * a type that the platform does not make is not asked about.
     */
    existing(resource: Pick<PlannedResource, "type" | "inputs">): Promise<NameHolder | undefined>;
    /** Everything that carries the tags of this stack, of whatever type, as far as it may be looked at. */
    owned(): Promise<readonly OwnedResource[]>;
    /** What `owned` could not look at, and why, for people: there may be more of it. */
    unseen(): Promise<readonly string[]>;
    /** All elastic addresses of the region that count against its quota. */
    addresses(): Promise<readonly ElasticAddress[]>;
    /** How many there are in the region. */
    countVpcs(): Promise<number>;
    /** How many NAT gateways there are, by the name of the zone; zones without one are left out. */
    countNatGateways(): Promise<ReadonlyMap<string, number>>;
    functionConcurrency(): Promise<FunctionConcurrency>;
    /** Undefined when there is none; `foreign` when it is somebody else's, or may not be looked at. */
    bucket(name: string): Promise<BucketFacts | "foreign" | undefined>;
    /** What can be ordered of an engine (`postgres`) on an instance class (`db.t3.micro`), newest version first; empty when nothing can. */
    databaseOfferings(engine: string, instanceClass: string): Promise<readonly DatabaseOffering[]>;
    /** Undefined when the repository has no image of that tag (`v1`) or digest (`sha256:...`), or there is no repository. */
    image(repository: string, reference: string): Promise<{ readonly digest: string } | undefined>;
    /** Undefined when there is none, also none that is being deleted. */
    secret(name: string): Promise<{ readonly deletedAt: Date | undefined } | undefined>;
    /** Undefined when there is no topic. */
    subscriptions(topicArn: string): Promise<TopicSubscriptions | undefined>;
    /** Resource policies of CloudWatch Logs in the region. */
    logPolicies(): Promise<readonly LogPolicy[]>;
    /** Those of the actions that a service control policy denies to the caller; none without an organization above the account. */
    deniedByOrganization(question: AllowanceQuestion): Promise<readonly string[]>;
}
