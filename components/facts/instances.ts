/** Instance types that training jobs take. */

/** E.g. `ml.m5.large`. Source: botocore 1.43.106, sagemaker, TrainingInstanceType (2026-11-21). */
export const INSTANCE_TYPE_PATTERN = /^ml\.[a-z][a-z0-9-]*\.(medium|large|xlarge|\d+xlarge|metal)$/;

/**
 * Families whose disks are part of the machine and encrypted by it: SageMaker refuses a volume key for them.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html, VolumeKmsKeyId (2026-11-21).
 */
export function hasLocalStorage(instanceType: string): boolean {
    return /^ml\.([cmr]\d+[a-z]*d[a-z]*|g[4-9][a-z]*|p3dn|p[4-9][a-z]*|trn\d+[a-z]*)\./.test(instanceType);
}
