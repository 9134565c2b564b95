/**
 * Limits of serverless inference, read on 2026-11-21:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html
 */

/** The only sizes there are. */
export const SERVERLESS_MEMORY_MIB = [1024, 2048, 3072, 4096, 5120, 6144] as const;

/** Per endpoint. */
export const SERVERLESS_MAX_CONCURRENCY = 200;
