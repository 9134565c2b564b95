/** All checks, in the order in which they run: what only reads comes first, what changes the traffic stands together. */
import { alerts } from "./alerts.ts";
import { assignments } from "./assignments.ts";
import { authorization } from "./authorization.ts";
import { badRequests } from "./badRequests.ts";
import type { Check } from "./check.ts";
import { crossOrigin } from "./crossOrigin.ts";
import { encryption } from "./encryption.ts";
import { fallback } from "./fallback.ts";
import { goldenPredictions } from "./goldenPredictions.ts";
import { health } from "./health.ts";
import { registry } from "./registry.ts";
import { singleRun } from "./singleRun.ts";
import { stickiness } from "./stickiness.ts";
import { streamDelivery } from "./streamDelivery.ts";
import { trafficSplit } from "./trafficSplit.ts";

export const CHECKS: readonly Check[] = [
    health, authorization, crossOrigin, goldenPredictions, registry, encryption, alerts, badRequests, assignments, trafficSplit, stickiness, fallback, streamDelivery, singleRun,
];
