/** What the organization above the account lets its accounts do, as far as the caller's own role shows. */
import { GetRoleCommand, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import type { IAMClient, SimulatePrincipalPolicyCommandOutput } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { STSClient } from "@aws-sdk/client-sts";
import { UnansweredError } from "./accountView.ts";
import type { AllowanceQuestion } from "./accountView.ts";

/**
 * Actions that a service control policy denies to the caller, whatever its own policies say. None in an account without an organization.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_OrganizationsDecisionDetail.html
 */
export async function findDeniedByOrganization(
    { iam, sts }: { readonly iam: IAMClient; readonly sts: STSClient }, { actions, resourceArn }: AllowanceQuestion,
): Promise<readonly string[]> {
    const { Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    const asked = { ActionNames: [...actions], ResourceArns: [resourceArn] };
    const simulate = (PolicySourceArn: string): Promise<SimulatePrincipalPolicyCommandOutput> => (
        iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ...asked })));
    const { EvaluationResults = [] } = await simulateRole(iam, Arn, simulate);
    const denied = EvaluationResults.filter(({ OrganizationsDecisionDetail: detail }) => detail?.AllowedByOrganizations === false);
    return denied.map(({ EvalActionName = "" }) => EvalActionName);
}

/**
 * A session names its role without the path that the role's ARN may have: only then IAM is asked for that.
 *
 * @throws UnansweredError for who is neither a user nor a role: nothing can be tried out for them
 */
async function simulateRole<Result>(iam: IAMClient, callerArn: string, simulate: (principal: string) => Promise<Result>): Promise<Result> {
    if (callerArn.includes(":user/")) return simulate(callerArn);
    const [, partition, account, name] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(callerArn) ?? [];
    if (name === undefined) throw new UnansweredError(`${callerArn} is neither a user nor a role, so its policies cannot be tried out`, "other");
    try {
        return await simulate(`arn:${partition}:iam::${account}:role/${name}`);
    } catch (error) {
        if (!(error instanceof Error) || !/^NoSuchEntity/.test(error.name)) throw error;
        const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
        if (Role?.Arn === undefined) throw error;
        return simulate(Role.Arn);
    }
}
