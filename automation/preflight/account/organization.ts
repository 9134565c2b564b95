/** What the organization above the account lets its accounts do, as far as the caller's own role shows. */
import { GetRoleCommand, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import type { IAMClient } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { STSClient } from "@aws-sdk/client-sts";

export interface AllowanceQuestion {
    readonly actions: readonly string[];
    readonly resourceArn: string;
}

/**
 * Actions that a service control policy denies to the caller, whatever its own policies say. None in an account without an organization.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_OrganizationsDecisionDetail.html
 */
export async function findDeniedByOrganization(
    { iam, sts }: { readonly iam: IAMClient; readonly sts: STSClient }, { actions, resourceArn }: AllowanceQuestion,
): Promise<readonly string[]> {
    const { Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    const { EvaluationResults = [] } = await iam.send(new SimulatePrincipalPolicyCommand({
        PolicySourceArn: await findPrincipal(iam, Arn), ActionNames: [...actions], ResourceArns: [resourceArn],
    }));
    const denied = EvaluationResults.filter(({ OrganizationsDecisionDetail }) => OrganizationsDecisionDetail?.AllowedByOrganizations === false);
    return denied.map(({ EvalActionName = "" }) => EvalActionName);
}

/** A session names its role without the path that the role's ARN has. @throws Error for who is no user and no role: it cannot be simulated */
async function findPrincipal(iam: IAMClient, callerArn: string): Promise<string> {
    const role = /:assumed-role\/([^/]+)\//.exec(callerArn)?.[1];
    if (role === undefined) {
        if (callerArn.includes(":user/")) return callerArn;
        throw new Error(`${callerArn} is neither a role nor a user, so its policies cannot be tried out`);
    }
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: role }));
    if (Role?.Arn === undefined) throw new Error(`IAM does not say which ARN the role ${role} has`);
    return Role.Arn;
}
