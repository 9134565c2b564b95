/** Looks at the roles that are really in the account, as a security review does. */
import { GetRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { CloudRefusal } from "../../errors.ts";
import { findExcess } from "../../preflight/iam/excess.ts";
import { parseStatements, ROLE_POLICY } from "../../preflight/planReading/policies.ts";
import type { BreakWorld } from "./breakWorld.ts";

/** @throws CloudRefusal when a policy is wider than its work. */
export async function auditRoles({ rehearsal, clientSettings }: BreakWorld): Promise<void> {
    const iam = new IAMClient(clientSettings);
    const findings: string[] = [];
    try {
        for (const { name, outputs } of (await rehearsal.engine.resources()).filter(({ type }) => type === ROLE_POLICY)) {
            const policy = { RoleName: String(outputs["role"]), PolicyName: String(outputs["name"]) };
            const found = await iam.send(new GetRolePolicyCommand(policy));
            const statements = parseStatements(decodeURIComponent(found.PolicyDocument ?? "{}")) ?? [];
            const problems = statements.flatMap((statement) => findExcess("identity", statement));
            findings.push(...problems.map((problem) => `${name}: ${problem}`));
        }
    } finally {
        iam.destroy();
    }
    if (findings.length > 0) throw new CloudRefusal(`the deployment is green, and the review of its roles finds:\n${findings.join("\n")}`);
}
