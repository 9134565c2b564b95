/** What a deployment takes and costs, before it is begun. Pure: from the planned graphs, the configuration and the tables of facts. */
import type { PlatformConfig } from "../../../components/config.ts";
import type { CheckedRule, Plans } from "../rule.ts";
import { forecastTimes } from "./deploymentTime.ts";
import type { TimeForecast } from "./deploymentTime.ts";
import { findIdleWaits } from "./idleWaits.ts";
import type { IdleWait } from "./idleWaits.ts";
import { defaultLoad } from "./load.ts";
import type { Load } from "./load.ts";
import { forecastPrices } from "./priceForecast.ts";
import type { PriceForecast } from "./priceForecast.ts";

export interface ForecastRequest {
    readonly stack: string;
    /** Of the stack's provider. */
    readonly region: string;
    readonly config: PlatformConfig;
    readonly plans: Plans;
    /** Part of a month's work. @default `defaultLoad` */
    readonly load?: Partial<Load>;
    /** Asked which of them wants a wait (`loadCheckedRules`). */
    readonly rules: readonly CheckedRule[];
}

export interface Forecast {
    readonly stack: string;
    readonly times: TimeForecast;
    /** On the critical path of the phase, what waits for what it does not use. */
    readonly idleWaits: { readonly up: readonly IdleWait[]; readonly "enable-endpoints": readonly IdleWait[] };
    readonly prices: PriceForecast;
}

export async function forecast({ stack, region, config, plans, load, rules }: ForecastRequest): Promise<Forecast> {
    const times = forecastTimes(plans);
    const existing = new Set(plans.asIs.resources.map(({ urn }) => urn));
    const [up, endpoints] = await Promise.all([
        findIdleWaits({ stack, rules, plan: plans.asIs, graph: times.up }),
        findIdleWaits({ stack, rules, plan: plans.endpointsOn, graph: times.endpoints, existing }),
    ]);
    return {
        stack, times,
        idleWaits: { up, "enable-endpoints": endpoints },
        prices: forecastPrices({ region, config, plan: plans.endpointsOn, load: { ...defaultLoad(config), ...load } }),
    };
}
