/** Stands in for the SDK's default credential chain in the bundles (see components/compute/bundle.ts). */
import { env } from "node:process";

export interface EnvironmentCredentials {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
}

/** The credentials that Lambda puts into the environment of every function, named as the SDK imports it. */
export function defaultProvider(): () => Promise<EnvironmentCredentials> {
    return async () => {
        const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
        if (accessKeyId === undefined || secretAccessKey === undefined) {
            throw new Error(
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not in the environment: "
                + "Lambda sets them, nothing else may start this code",
            );
        }
        return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    };
}
