/** Where a state's resources lie: one of another account or region names nothing that is here, and a refresh would forget all of it. */
import type { AwsClients } from "../aws.ts";
import type { PlatformOutputs } from "../../components/outputs.ts";
import type { Engine, StackResource } from "../engine/engine.ts";
import { OperatorError } from "../errors.ts";
import { readOutputs } from "../outputs.ts";

export interface StatePlace {
    /** Account that the credentials are of. Undefined: nothing is compared. */
    readonly accountId?: string | undefined;
    readonly aws: Pick<AwsClients, "target">;
    /** The Pulumi stack. */
    readonly stack: string;
}

export interface ResourcePlace {
    /** Of a bucket or AWS's own: no twelve digits. */
    readonly account: string;
    /** Empty for what has one place in the world. */
    readonly region: string;
}

/**
 * Read from the ARNs, since an `up` that failed half way has given no outputs.
 *
 * @throws OperatorError when the state is of another account than the credentials, or of another region than the configuration
 */
export function refuseForeignState({ accountId, aws, stack }: StatePlace, resources: readonly StackResource[]): void {
    refuseForeignPlaces({ accountId, aws, stack }, resources.flatMap(placesOf));
}

/** Whether its ARN says so: that of a bucket or a role says too little. */
export function isPlacedIn(resource: StackResource, { account, region }: ResourcePlace): boolean {
    return placesOf(resource).some((place) => place.account === account && place.region === region);
}

/** The stack's outputs, for phases without an `up` before. @throws OperatorError as `readOutputs` and `refuseForeignState` */
export async function readOwnOutputs(context: StatePlace & { readonly engine: Engine }): Promise<PlatformOutputs> {
    const outputs = await readOutputs(context.engine);
    refuseForeignPlaces(context, [{ account: outputs.accountId, region: outputs.region }]);
    return outputs;
}

function refuseForeignPlaces({ accountId, aws, stack }: StatePlace, places: readonly ResourcePlace[]): void {
    if (accountId === undefined) return;
    const account = places.map((place) => place.account).find((found) => /^\d{12}$/.test(found) && found !== accountId);
    if (account !== undefined) {
        throw new OperatorError(
            `the state of ${stack} is of account ${account}, but the credentials are of account ${accountId}: nothing of it would be found here`,
            `take credentials of account ${account} (AWS_PROFILE), or the backend of account ${accountId} (PULUMI_BACKEND_URL)`,
        );
    }
    const { region } = aws.target;
    const other = places.map((place) => place.region).find((found) => found !== "" && found !== region);
    if (other === undefined) return;
    throw new OperatorError(`the state of ${stack} is of region ${other}, but aws:region says ${region}: everything would be made anew there, without its data`,
        `write aws:region: ${other} into the stack's file again, and give ${region} a stack of its own`);
}

/** One at most. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function placesOf({ outputs: { arn } }: StackResource): readonly ResourcePlace[] {
    if (typeof arn !== "string" || !arn.startsWith("arn:")) return [];
    const [, , , region = "", account = ""] = arn.split(":");
    return [{ account, region }];
}
