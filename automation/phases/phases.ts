/** The phases of a deployment, as data. */
import { enableEndpointsPhase } from "./enableEndpoints.ts";
import type { Phase } from "./phase.ts";
import { preflightPhase } from "./preflight.ts";
import { trainPhase } from "./train.ts";
import { upPhase } from "./up.ts";
import { verifyPhase } from "./verify.ts";

/** In the order of `DEPLOY_PHASES`. Each reads what really exists, so each can run alone, and twice. */
export const phases: readonly Phase[] = [preflightPhase, upPhase, trainPhase, enableEndpointsPhase, verifyPhase];
