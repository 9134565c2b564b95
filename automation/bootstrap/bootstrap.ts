/** What has to be there before the first stack: a bucket for Pulumi's states, and a key for the secrets in them. Once per account and region. */
import { findPartition } from "../../components/facts/partitions.ts";
import type { AwsClients } from "../aws.ts";
import { ensureBucketSettings, ensureStateBucket, stateBucketName } from "./stateBucket.ts";
import { ensureStateKey, stateKeyAlias } from "./stateKey.ts";

export interface BootstrapOptions {
    /** Its region is where bucket and key are made. */
    readonly aws: Pick<AwsClients, "kms" | "s3" | "target">;
    /** Twelve digits. */
    readonly accountId: string;
    /** Name of the Pulumi project. */
    readonly project: string;
    /** Told of everything that is made or put right, as it happens. @default nobody is */
    readonly onChange?: (message: string) => void;
}

export interface BootstrapResult {
    readonly bucketName: string;
    readonly keyArn: string;
    /** As `PULUMI_BACKEND_URL` and `pulumi login` take it. */
    readonly backendUrl: string;
    /** As `pulumi stack init --secrets-provider` takes it. */
    readonly secretsProvider: string;
    /** Everything that was made or put right; empty when all was as it must be. */
    readonly changes: readonly string[];
}

/**
 * Makes bucket and key, or puts right what deviates; a second run changes nothing. Killed anywhere, the next run goes on.
 *
 * The bucket comes first, since the key's policy names it, and the key before the bucket's settings, which name the key.
 *
 * @throws OperatorError when a name is taken by somebody else, or the key is not usable
 */
export async function bootstrapState({ aws, accountId, project, onChange }: BootstrapOptions): Promise<BootstrapResult> {
    const { region } = aws.target;
    const { partition, dnsSuffix } = findPartition(region);
    const location = { partition, dnsSuffix, region, accountId };
    const changes: string[] = [];
    const options = {
        s3: aws.s3, kms: aws.kms, location, project, bucketName: stateBucketName(project, location),
        onChange: (message: string): void => {
            changes.push(message);
            onChange?.(message);
        },
    };
    const { isNew } = await ensureStateBucket(options);
    const keyArn = await ensureStateKey(options);
    await ensureBucketSettings(options, { keyArn, isNew });
    return {
        bucketName: options.bucketName, keyArn, changes,
        backendUrl: `s3://${options.bucketName}?region=${region}`,
        secretsProvider: `awskms://${stateKeyAlias(project)}?region=${region}`,
    };
}

/** The lines that somebody copies. */
export function describeBootstrap({ bucketName, backendUrl, secretsProvider, changes }: BootstrapResult, stack: string): string {
    return [
        changes.length === 0 ? `${bucketName} and its key are as they must be.` : `${bucketName} and its key are ready.`,
        "",
        "For the driver and the Pulumi CLI, in a shell or as variables of CI:",
        `export PULUMI_BACKEND_URL='${backendUrl}'`,
        `export FIRSTLIGHT_SECRETS_PROVIDER='${secretsProvider}'      # read when the driver makes the stack`,
        "",
        "Without the driver:",
        `pulumi login '${backendUrl}' && pulumi stack init ${stack} --secrets-provider='${secretsProvider}'`,
        "",
    ].join("\n");
}
