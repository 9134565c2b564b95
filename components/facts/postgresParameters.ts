/**
 * Parameters of PostgreSQL that rules judge.
 * Ranges: https://www.postgresql.org/docs/current/runtime-config.html (from memory, 2026-11-21).
 */

export interface MemoryParameter {
    /** What a plain number counts. */
    readonly unitBytes: number;
    readonly max: number;
    /** Part of the machine's memory above which it stops making sense. */
    readonly sensibleShare: number;
}

const PAGE = 8192;
const KIB = 1024;
const MAX_INT = 2_147_483_647;

/**
 * Parameters that are amounts of memory. RDS takes plain numbers and formulas, no units.
 * Units: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html (2026-11-21)
 */
export const memoryParameters: Readonly<Record<string, MemoryParameter>> = {
    effective_cache_size: { unitBytes: PAGE, max: MAX_INT, sensibleShare: 0.75 },
    shared_buffers: { unitBytes: PAGE, max: 1_073_741_823, sensibleShare: 0.75 },
    maintenance_work_mem: { unitBytes: KIB, max: MAX_INT, sensibleShare: 0.5 },
    work_mem: { unitBytes: KIB, max: MAX_INT, sensibleShare: 0.5 },
};

/** https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-STATEMENT (from memory, 2026-11-21) */
export const LOG_STATEMENT_VALUES = ["none", "ddl", "mod", "all"] as const;
