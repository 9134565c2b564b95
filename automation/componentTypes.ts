/** Which type tokens are of components and of the engine's own: nothing of them is in the cloud, and they take no time. */
const NOT_IN_CLOUD = /^(pulumi|firstlight|awsx):/;

/** Whether the type is of something that a cloud or a machine makes. */
export function isProvisioned(type: string): boolean {
    return !NOT_IN_CLOUD.test(type);
}
