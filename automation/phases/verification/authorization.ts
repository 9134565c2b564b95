import { AUTHORIZED_ROUTES } from "../../../components/config/api.ts";
import { AB_TEST_ID } from "../../../lambdas/shared/documents.ts";
import type { ApiRequest } from "../../apiClient.ts";
import { CloudRefusal } from "../../errors.ts";
import type { Check, VerificationWorld } from "./check.ts";

/** Nobody gets in unsigned, at any route that the configuration does not open. */
export const authorization: Check = {
    name: "authorization",
    level: "smoke",
    async run({ api, context }: VerificationWorld) {
        const { openRoutes, jwt } = context.config.api;
        // API Gateway's own answers: 403 to a missing signature, 401 to a missing token.
        const expected = jwt === undefined ? 403 : 401;
        const closed = AUTHORIZED_ROUTES.filter((route) => !openRoutes.includes(route));
        for (const route of closed) {
            const { status } = await api.callUnsigned({ ...buildRequest(route), signal: context.signal });
            if (status === expected) continue;
            throw new CloudRefusal(`an unsigned ${route} must get ${expected}, got ${status}`, "give the route an authorization: only /health is open to everybody");
        }
        const open = openRoutes.length === 0 ? "" : `; open by configuration: ${openRoutes.join(", ")}`;
        return `${closed.length} routes answer ${expected} to whoever does not sign${open}`;
    },
};

/** Would do nothing if it were let in: the body is refused. */
function buildRequest(route: string): ApiRequest {
    const [method = "", path = ""] = route.split(" ");
    const sent = method === "GET" ? {} : { body: {} };
    return { method: method as ApiRequest["method"], path: path.replace("{id}", AB_TEST_ID), ...sent };
}
