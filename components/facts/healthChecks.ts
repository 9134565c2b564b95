/**
 * Health checks of target groups.
 * Ranges: botocore 1.43.106, elbv2 (2026-11-21). Defaults: @pulumi/aws 7.48.0, healthCheck of lb.TargetGroup.
 */
export interface HealthCheckRange {
    readonly min: number;
    readonly max: number;
    /** For messages. */
    readonly unit: string;
}

export const healthCheckRanges = {
    interval: { min: 5, max: 300, unit: "seconds" },
    timeout: { min: 2, max: 120, unit: "seconds" },
    healthyThreshold: { min: 2, max: 10, unit: "checks" },
    unhealthyThreshold: { min: 2, max: 10, unit: "checks" },
} as const satisfies Readonly<Record<string, HealthCheckRange>>;

export type HealthCheckNumber = keyof typeof healthCheckRanges;

/** Characters. */
export const HEALTH_CHECK_PATH_LENGTH = 1024;

export interface HealthCheckDefaults { readonly intervalSeconds: number; readonly timeoutSeconds: number }

/** Seconds that hold when nothing is said, by the target group's protocol and target type. */
export function findHealthCheckDefaults(protocol: unknown, targetType: unknown): HealthCheckDefaults {
    if (targetType === "lambda") return { intervalSeconds: 35, timeoutSeconds: 30 };
    const timeoutSeconds = protocol === "HTTP" ? 6 : protocol === "GENEVE" ? 5 : 10;
    return { intervalSeconds: 30, timeoutSeconds };
}
