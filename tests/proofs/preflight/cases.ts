/** All mutations, by what they are about. */
import type { PreflightMutation } from "./mutation.ts";
import { accessMutations } from "./mutations/access.ts";
import { accountMutations } from "./mutations/account.ts";
import { artifactMutations } from "./mutations/artifacts.ts";
import { infrastructureMutations } from "./mutations/infrastructure.ts";
import { partMutations } from "./mutations/parts.ts";
import { pipelineMutations } from "./mutations/pipeline.ts";
import { servingMutations } from "./mutations/serving.ts";

/** In the order of the rules. */
export const preflightMutations: readonly PreflightMutation[] = [
    ...artifactMutations, ...infrastructureMutations, ...pipelineMutations, ...accessMutations, ...servingMutations, ...partMutations, ...accountMutations,
].toSorted((one, other) => one.rule.localeCompare(other.rule));
