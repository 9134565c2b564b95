/** The section `api`: who may call, from where, how often. */
import type { SectionReader } from "./sectionReader.ts";
import type { Preset } from "./presets.ts";
import { present } from "./present.ts";

/** Every route of the API but `GET /health`, which is open to everybody. */
export const AUTHORIZED_ROUTES = [
    "POST /inference", "GET /models", "GET /models/{id}/versions", "GET /ab-tests/{id}", "PUT /ab-tests/{id}",
] as const;

export type AuthorizedRoute = typeof AUTHORIZED_ROUTES[number];

export interface ApiConfig {
    /** Origins whose pages may call, e.g. `https://app.example.com`; `*` is refused in prod. @default [] no cross-origin calls */
    readonly corsOrigins: readonly string[];
    /** Requests a second per route before API Gateway answers 429. @default 50 */
    readonly rateLimit: number;
    /** Requests at once above the rate. @default 100 */
    readonly burstLimit: number;
    /** Callers show a token of this issuer instead of signing. @default none: callers sign (IAM) */
    readonly jwt?: { readonly issuer: string; readonly audiences: readonly string[] };
    /** Routes that need no authorization; refused in prod. @default [] */
    readonly openRoutes: readonly AuthorizedRoute[];
}

export function parseApi(section: SectionReader, preset: Preset): ApiConfig {
    const api: ApiConfig = {
        corsOrigins: parseOrigins(section, preset),
        rateLimit: section.number("rateLimit", { min: 1, max: 10_000 }) ?? 50,
        burstLimit: section.number("burstLimit", { min: 1, max: 5_000, integer: true }) ?? 100,
        ...present("jwt", parseJwt(section)),
        openRoutes: parseOpenRoutes(section, preset),
    };
    section.finish();
    return api;
}

function parseOrigins(section: SectionReader, preset: Preset): readonly string[] {
    const origins = section.texts("corsOrigins") ?? [];
    if (origins.includes("*") && preset === "prod") {
        section.refuse("corsOrigins", "must not be * in prod", "name the origins, e.g. https://app.example.com");
    }
    for (const origin of origins) {
        if (origin === "*" || /^https?:\/\/[^/\s]+$/.test(origin)) continue;
        section.refuse(
            "corsOrigins",
            `must be origins, got ${JSON.stringify(origin)}`,
            "write scheme and host, without a path: https://app.example.com",
        );
    }
    return origins;
}

function parseJwt(section: SectionReader): ApiConfig["jwt"] {
    const jwt = section.section("jwt");
    const issuer = jwt.text("issuer");
    const audiences = jwt.texts("audiences");
    jwt.finish();
    if (issuer === undefined && audiences === undefined) return undefined;
    if (issuer === undefined || !issuer.startsWith("https://")) {
        jwt.refuse("issuer", `must be an https URL, got ${JSON.stringify(issuer ?? null)}`, "write the issuer as its tokens name it");
        return undefined;
    }
    if (audiences === undefined || audiences.length === 0) {
        jwt.refuse(
            "audiences",
            "is missing",
            "list the audiences whose tokens are accepted: without one, tokens for other applications would pass",
        );
        return undefined;
    }
    return { issuer, audiences };
}

function parseOpenRoutes(section: SectionReader, preset: Preset): readonly AuthorizedRoute[] {
    const open = section.texts("openRoutes") ?? [];
    if (open.length > 0 && preset === "prod") section.as("F67").refuse(
        "openRoutes",
        `must be empty in prod, got ${JSON.stringify(open)}`,
        "remove it: every route but /health needs authorization",
    );
    for (const route of open) {
        if (!AUTHORIZED_ROUTES.some((known) => known === route)) {
            section.refuse("openRoutes", `must be routes, got ${JSON.stringify(route)}`, `choose among ${AUTHORIZED_ROUTES.join(", ")}`);
        }
    }
    return AUTHORIZED_ROUTES.filter((route) => open.includes(route));
}
