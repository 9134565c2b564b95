/** The sections `alerts`, `alarms` and `budget`: who is told of what. */
import type { SectionReader } from "./sectionReader.ts";
import { present } from "./present.ts";
import type { Preset } from "./presets.ts";

export interface AlertsConfig {
    /** Each address confirms once, by the link that AWS sends to it. @default [] */
    readonly emails: readonly string[];
    /** HTTPS addresses that take SNS messages. @default [] */
    readonly urls: readonly string[];
}

/** Thresholds; each alarm fires when it is passed. */
export interface AlarmsConfig {
    /** p95 of a variant's latency. @default 2000 */
    readonly modelLatencyMilliseconds: number;
    /** Failed invocations of a variant in five minutes. @default 5 */
    readonly invocationErrors: number;
    /** Errors of a function in five minutes. @default 3 */
    readonly functionErrors: number;
    /** Age of the oldest record that the consumer has not read. @default 300 */
    readonly iteratorAgeSeconds: number;
}

export interface BudgetConfig {
    /** USD a month; an alert at 80 % and at 100 % of it, forecast or spent. @default none: no budget is made */
    readonly monthlyUsd?: number;
}

export function parseAlerts(section: SectionReader, preset: Preset): AlertsConfig {
    const alerts: AlertsConfig = { emails: section.texts("emails") ?? [], urls: section.texts("urls") ?? [] };
    for (const email of alerts.emails) {
        if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
            section.refuse("emails", `must be e-mail addresses, got ${JSON.stringify(email)}`, "correct it");
        }
    }
    for (const url of alerts.urls) {
        if (!/^https:\/\/[^\s/]+/.test(url)) {
            section.refuse("urls", `must be https addresses, got ${JSON.stringify(url)}`, "SNS sends to https only here: correct it");
        }
    }
    section.finish();
    if (preset === "prod" && alerts.emails.length + alerts.urls.length === 0) {
        section.as("F66").refuse("emails", "is empty, so nobody would hear of a failure in prod", "name at least one address, or one of urls");
    }
    return alerts;
}

export function parseAlarms(section: SectionReader): AlarmsConfig {
    const alarms: AlarmsConfig = {
        modelLatencyMilliseconds: section.number("modelLatencyMilliseconds", { min: 1, max: 60_000 }) ?? 2000,
        invocationErrors: section.number("invocationErrors", { min: 1, max: 1e6, integer: true }) ?? 5,
        functionErrors: section.number("functionErrors", { min: 1, max: 1e6, integer: true }) ?? 3,
        iteratorAgeSeconds: section.number("iteratorAgeSeconds", { min: 1, max: 604_800, integer: true }) ?? 300,
    };
    section.finish();
    return alarms;
}

export function parseBudget(section: SectionReader): BudgetConfig {
    const budget = present("monthlyUsd", section.number("monthlyUsd", { min: 1, max: 1e7 }));
    section.finish();
    return budget;
}
