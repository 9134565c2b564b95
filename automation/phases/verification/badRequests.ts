import { AB_TEST_ID } from "../../../lambdas/shared/documents.ts";
import type { ApiRequest } from "../../apiClient.ts";
import { CloudRefusal } from "../../errors.ts";
import type { Check, VerificationWorld } from "./check.ts";
import { expectStatus } from "./expectations.ts";

/** Farther than any test's revision will ever be. */
const STALE_REVISION = 999_999_999;

interface BadRequest extends ApiRequest {
    readonly what: string;
    readonly expected: number;
}

const BAD_REQUESTS: readonly BadRequest[] = [
    { what: "no JSON", method: "POST", path: "/inference", body: "{", expected: 400 },
    { what: "no rows", method: "POST", path: "/inference", body: { instances: [] }, expected: 400 },
    { what: "a feature that is none", method: "POST", path: "/inference", body: { features: { "no such feature": 1 } }, expected: 400 },
    { what: "weights that do not sum", method: "PUT", path: `/ab-tests/${AB_TEST_ID}`, body: { weights: { champion: 50, challenger: 60 } }, expected: 400 },
    {
        what: "a stale revision", method: "PUT", path: `/ab-tests/${AB_TEST_ID}`,
        body: { weights: { champion: 50, challenger: 50 }, revision: STALE_REVISION }, expected: 409,
    },
    { what: "a test that does not exist", method: "GET", path: "/ab-tests/no-such-test", expected: 404 },
];

/** What is wrong is refused as problem+json (RFC 9457) that names the request. */
export const badRequests: Check = {
    name: "bad requests",
    level: "full",
    needs: "a served model",
    authorized: true,
    async run({ api, context }: VerificationWorld) {
        for (const { what, expected, ...request } of BAD_REQUESTS) {
            const response = await api.callAuthorized({ ...request, signal: context.signal });
            const body = expectStatus(response, expected, `${request.method} ${request.path} with ${what}`);
            const { status, requestId } = typeof body === "object" && body !== null ? body as { status?: unknown; requestId?: unknown } : {};
            const type = response.headers.get("content-type") ?? "none";
            if (type.startsWith("application/problem+json") && status === expected && typeof requestId === "string") continue;
            throw new CloudRefusal(`${request.method} ${request.path} with ${what} must answer with a problem, its status and its request id, got ${type}: ${JSON.stringify(body)}`);
        }
        return `${BAD_REQUESTS.length} refused as problem+json: ${BAD_REQUESTS.map(({ what, expected }) => `${what} (${expected})`).join(", ")}`;
    },
};
