/** Which variables of an environment hold secrets. */

/** Ours, Pulumi's, AWS's, those of CI services, and whatever is called like one. */
const SECRET_VARIABLE = /(TOKEN|SECRET|PASSWORD|PASSPHRASE|ACCESS_KEY|CREDENTIALS|API_KEY|PRIVATE_KEY)/i;
/** Called like one, and only says where the secret lies. */
const POINTER = /(_FILE|_URI|_URL|_PATH|_ARN)$/i;

export function isSecretVariable(name: string): boolean {
    return SECRET_VARIABLE.test(name) && !POINTER.test(name);
}

/** For children that ask neither AWS nor a backend: whoever needs no secret gets none. */
export function withoutSecretVariables(environment: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
    return Object.fromEntries(Object.entries(environment).filter(([name]) => !isSecretVariable(name)));
}
