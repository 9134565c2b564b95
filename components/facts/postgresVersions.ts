/**
 * Versions of PostgreSQL that RDS offers, as they were on `snapshotDate`. RDS withdraws minor versions every few months, so this is what
 * is known without an account; with one, the account is asked.
 * Source: cfn-lint 1.58.0, data/schemas/extensions/aws_rds_dbinstance/engine_version.json, without those listed as deprecated:
 * https://github.com/aws-cloudformation/cfn-lint
 */
export const postgresVersions = {
    snapshotDate: "2026-11-21",
    /** Minor versions by major version. */
    offered: {
        14: [18, 19, 20, 21, 22, 23, 24],
        15: [13, 14, 15, 16, 17, 18, 19],
        16: [9, 10, 11, 12, 13, 14, 15],
        17: [5, 6, 7, 8, 9, 10, 11],
        18: [1, 2, 3, 4, 6],
    },
} as const satisfies { readonly snapshotDate: string; readonly offered: Readonly<Record<number, readonly number[]>> };

/** After so many days the list says little about the newest versions, and may hold withdrawn ones. */
export const SNAPSHOT_MAX_AGE_DAYS = 90;

/**
 * Major versions that may still be had under RDS Extended Support, of which the list says nothing. From memory, as documented at
 * https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html (2026-11-21).
 */
const EXTENDED_SUPPORT = [11, 12, 13];

/** `unlisted`: newer than the list, of Extended Support, or a build of its own (`13.4-R1`); only the account knows. */
export type VersionVerdict = "offered" | "withdrawn" | "unlisted" | "no version";

/** What the list says of `15`, which RDS completes itself, or of `15.14`. */
export function judgePostgresVersion(version: string): VersionVerdict {
    const [, majorText, minorText, build] = /^(\d+)(?:\.(\d+))?([.-].+)?$/.exec(version) ?? [];
    if (majorText === undefined) return "no version";
    const major = Number(majorText);
    const majors = Object.keys(postgresVersions.offered).map(Number);
    const newest = Math.max(...majors);
    // One major version comes out a year.
    if (major > newest + 1) return "no version";
    if (major === newest + 1 || EXTENDED_SUPPORT.includes(major)) return "unlisted";
    const minors: readonly number[] | undefined = (postgresVersions.offered as Readonly<Record<number, readonly number[]>>)[major];
    if (minors === undefined) return "withdrawn";
    if (build !== undefined) return "unlisted";
    if (minorText === undefined || minors.includes(Number(minorText))) return "offered";
    return Number(minorText) > Math.max(...minors) ? "unlisted" : "withdrawn";
}

/** Newest listed minor version of the same major, else the newest of all: `15.19`. */
export function suggestPostgresVersion(version: string): string {
    const offered: Readonly<Record<string, readonly number[]>> = postgresVersions.offered;
    const wanted = /^\d+/.exec(version)?.[0] ?? "";
    const major = wanted in offered ? wanted : String(Math.max(...Object.keys(offered).map(Number)));
    return `${major}.${Math.max(...offered[major] ?? [])}`;
}

/** Whole days from the day of the list to a moment. */
export function ageOfPostgresVersions(now: Date): number {
    return Math.floor((now.getTime() - Date.parse(postgresVersions.snapshotDate)) / 86_400_000);
}
