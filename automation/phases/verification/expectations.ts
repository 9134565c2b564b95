/** The words in which checks fail. */
import type { ApiResponse } from "../../apiClient.ts";
import { CloudRefusal } from "../../errors.ts";

/** The answer's body. @throws CloudRefusal with the answer when the status is another. */
export function expectStatus({ status, body }: ApiResponse, expected: number, what: string): unknown {
    if (status === expected) return body;
    throw new CloudRefusal(`${what} must answer ${expected}, got ${status}: ${typeof body === "string" ? body : JSON.stringify(body)}`);
}

/** @throws CloudRefusal unless both are the same text when printed. */
export function expectEqual(found: unknown, expected: unknown, what: string, fix?: string): void {
    const [got, wanted] = [JSON.stringify(found) ?? "nothing", JSON.stringify(expected) ?? "nothing"];
    if (got !== wanted) throw new CloudRefusal(`${what} must be ${wanted}, got ${got}`, fix);
}
