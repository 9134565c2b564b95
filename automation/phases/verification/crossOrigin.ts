import { CloudRefusal } from "../../errors.ts";
import type { Check, VerificationWorld } from "./check.ts";

/** RFC 2606 keeps this name free: no configuration names it. */
const STRANGER = "https://stranger.invalid";

/** Pages of the configured origins may call, others may not. */
export const crossOrigin: Check = {
    name: "cross-origin calls",
    level: "smoke",
    async run(world: VerificationWorld) {
        const { corsOrigins } = world.context.config.api;
        for (const origin of corsOrigins) {
            const allowed = await askPreflight(world, origin === "*" ? STRANGER : origin);
            if (allowed !== origin) throw new CloudRefusal(`a preflight from ${origin} must be allowed, got access-control-allow-origin ${allowed ?? "none"}`, "look at api.corsOrigins");
        }
        if (corsOrigins.includes("*")) return "every origin is allowed (api.corsOrigins)";
        const allowed = await askPreflight(world, STRANGER);
        if (allowed !== undefined) throw new CloudRefusal(`a preflight from ${STRANGER} must not be allowed, got access-control-allow-origin ${allowed}`, "look at api.corsOrigins");
        return corsOrigins.length === 0 ? "no origin is allowed" : `${corsOrigins.join(", ")} allowed, another origin not`;
    },
};

/** What a browser asks before it lets a page call. The allowed origin, or undefined. */
async function askPreflight({ api, context }: VerificationWorld, origin: string): Promise<string | undefined> {
    const headers = { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" };
    const response = await api.callUnsigned({ method: "OPTIONS", path: "/inference", headers, signal: context.signal });
    return response.headers.get("access-control-allow-origin") ?? undefined;
}
