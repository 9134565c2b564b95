import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { Check, VerificationWorld } from "./check.ts";
import { expectEqual, expectStatus } from "./expectations.ts";

/** `GET /health` needs no authorization and names the models that are deployed. */
export const health: Check = {
    name: "health",
    level: "smoke",
    async run({ api, context, served }: VerificationWorld) {
        const answer = expectStatus(await api.callUnsigned({ method: "GET", path: "/health", signal: context.signal }), 200, "GET /health");
        const { servingModelVersions = {} } = answer as { servingModelVersions?: Readonly<Record<string, string>> };
        for (const variant of VARIANTS) {
            const deployed = served.find((each) => each.variant === variant)?.model.version;
            expectEqual(servingModelVersions[variant], deployed, `the ${variant}'s version that GET /health names`);
        }
        if (served.length === 0) return "the API is healthy; no model is served yet";
        return `the API is healthy and names ${served.map(({ variant, model }) => `${variant} ${model.version}`).join(", ")}`;
    },
};
