/** What RDS knows of instance classes, storage and Performance Insights. */

/**
 * GiB of memory of the size `large`, by family; other sizes are multiples of it. From memory, as documented at
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html (2026-11-21).
 */
const LARGE_MEMORY_GIB: Readonly<Record<string, number>> = {
    t2: 8, t3: 8, t4g: 8,
    m4: 8, m5: 8, m5d: 8, m6g: 8, m6gd: 8, m6i: 8, m6id: 8, m6in: 8, m6idn: 8, m7g: 8, m7i: 8, m8g: 8, m8gd: 8,
    r5: 16, r5b: 16, r5d: 16, r6g: 16, r6gd: 16, r6i: 16, r6id: 16, r6in: 16, r6idn: 16, r7g: 16, r7i: 16, r8g: 16, r8gd: 16,
    x2g: 32,
};

/** Of the families that have them, in parts of the size `large`. */
const SMALL_SIZES: Readonly<Record<string, number>> = { micro: 1 / 8, small: 1 / 4, medium: 1 / 2 };

/** Bytes of memory of a class (`db.t3.micro`); undefined when the class is not in the table. */
export function findClassMemoryBytes(instanceClass: string): number | undefined {
    const [, family = "", size = ""] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(instanceClass) ?? [];
    const large = LARGE_MEMORY_GIB[family];
    const factor = size === "large" ? 1 : size === "xlarge" ? 2 : SMALL_SIZES[size] ?? 2 * Number(/^(\d+)xlarge$/.exec(size)?.[1]);
    return large === undefined || Number.isNaN(factor) ? undefined : large * factor * 2 ** 30;
}

/** Engines whose gp3 storage is one volume below 400 GiB, and several striped ones from there on. */
export type StripedEngine = "postgres" | "mysql" | "mariadb";

export function isStripedEngine(engine: unknown): engine is StripedEngine {
    return engine === "postgres" || engine === "mysql" || engine === "mariadb";
}

/**
 * General purpose storage of those engines. Below `stripedFromGiB` every volume has the baseline, and a request that names IOPS or
 * throughput is refused. The 500 IOPS that a GiB may have at most are out of reach there.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html (2026-11-21)
 */
export const gp3 = {
    minGiB: 20,
    maxGiB: 65_536,
    stripedFromGiB: 400,
    /** Without a word, a striped volume has the least of both. */
    iops: { min: 12_000, max: 64_000 },
    throughputMiBps: { min: 500, max: 4_000 },
    maxThroughputPerIops: 0.25,
} as const;

/** Storage types for which IOPS can be named at all, and the one that takes a throughput. Same page. */
export const STORAGE_WITH_IOPS = ["io1", "io2", "gp3"] as const;

/** Of io1 and io2. Source: botocore 1.43.106, rds (2026-11-21). */
export const PROVISIONED_MIN_GIB = 100;

/**
 * Days that Performance Insights can keep: a week, two years, or whole months of 31 days in between.
 * Source: @pulumi/aws 7.48.0, rds.InstanceArgs.performanceInsightsRetentionPeriod (2026-11-21).
 */
export function isInsightsRetention(days: number): boolean {
    return days === 7 || days === 731 || (days % 31 === 0 && days >= 31 && days <= 713);
}

/**
 * Whether Performance Insights is there: `no` for small burstable classes of MySQL and MariaDB; the page says nothing of those of
 * PostgreSQL, which were refused to some. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html
 * (2026-11-21)
 */
export function offersInsights(engine: string, instanceClass: string): "yes" | "no" | "perhaps" {
    if (!/^db\.(t2|t3|t4g)\.(micro|small)$/.test(instanceClass)) return "yes";
    return engine === "mysql" || engine === "mariadb" ? "no" : "perhaps";
}
