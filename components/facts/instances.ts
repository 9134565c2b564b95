/** Instance types of the pipeline's jobs. */

/**
 * Families that training jobs and batch transform both have; the pipeline uses one type for both. Training alone has t3, r5, c5n and the
 * flex families, among others. Source: botocore 1.43.106, sagemaker, TrainingInstanceType and TransformInstanceType (2026-11-21).
 */
const FAMILIES = ["c4", "c5", "c6i", "c7i", "g4dn", "g5", "g6", "g6e", "m4", "m5", "m6i", "m7i", "p2", "p3", "r6i", "r7i"];

/** E.g. `ml.m5.large`. */
const INSTANCE_TYPE_PATTERN = /^ml\.([a-z][a-z0-9-]*)\.(medium|large|xlarge|\d+xlarge)$/;

/** What is wrong with an instance type, or undefined. */
export function findInstanceTypeFault(instanceType: string): string | undefined {
    const family = INSTANCE_TYPE_PATTERN.exec(instanceType)?.[1];
    if (family === undefined) return "must be a SageMaker instance type";
    return FAMILIES.includes(family) ? undefined : "must be of a family that training and batch transform both have";
}

/** For messages: `ml.c5, ml.m5, ...`. */
export const JOB_FAMILIES = FAMILIES.map((family) => `ml.${family}`).join(", ");

/**
 * Families whose disks are part of the machine and encrypted by it: SageMaker refuses a volume key for them.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html, VolumeKmsKeyId (2026-11-21).
 */
export function hasLocalStorage(instanceType: string): boolean {
    return /^ml\.([cmr]\d+[a-z]*d[a-z]*|g[4-9][a-z]*|p3dn|p[4-9][a-z]*|trn\d+[a-z]*)\./.test(instanceType);
}
