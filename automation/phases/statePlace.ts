/** Where a state's resources lie: one of another account or region names nothing that is here, and a refresh or a destroy would forget all of it. */
import type { AwsClients } from "../aws.ts";
import type { StackResource } from "../engine/engine.ts";
import { OperatorError } from "../errors.ts";

export interface StatePlace {
    /** Account that the credentials are of. Undefined: nothing is compared. */
    readonly accountId?: string | undefined;
    readonly aws: Pick<AwsClients, "target">;
    /** The Pulumi stack. */
    readonly stack: string;
}

/**
 * Read from the ARNs, since an `up` that failed half way has given no outputs.
 *
 * @throws OperatorError when the state is of another account than the credentials, or of another region than the configuration
 */
export function refuseForeignState({ accountId, aws, stack }: StatePlace, resources: readonly StackResource[]): void {
    if (accountId === undefined) return;
    const places = resources.flatMap(({ outputs: { arn } }) => (typeof arn === "string" && arn.startsWith("arn:") ? [readPlace(arn)] : []));
    const account = places.map((place) => place.account).find((found) => /^\d{12}$/.test(found) && found !== accountId);
    if (account !== undefined) {
        throw new OperatorError(`the state of ${stack} is of account ${account}, but the credentials are of account ${accountId}: nothing of it would be found here`,
            `take credentials of account ${account} (AWS_PROFILE), or the backend of account ${accountId} (PULUMI_BACKEND_URL)`);
    }
    const { region } = aws.target;
    const other = places.map((place) => place.region).find((found) => found !== "" && found !== region);
    if (other === undefined) return;
    throw new OperatorError(`the state of ${stack} is of region ${other}, but aws:region says ${region}: everything would be made anew there, without its data`,
        `write aws:region: ${other} into the stack's file again, and give ${region} a stack of its own`);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function readPlace(arn: string): { readonly account: string; readonly region: string } {
    const [, , , region = "", account = ""] = arn.split(":");
    return { account, region };
}
