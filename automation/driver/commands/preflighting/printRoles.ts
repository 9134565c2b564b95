/** Prints the policies that a role needs to deploy this stack, or to look at it first. */
import { createNaming } from "../../../../components/naming.ts";
import { findPartition } from "../../../../components/facts/partitions.ts";
import { stateKeyAlias } from "../../../bootstrap/stateKey.ts";
import { OperatorError } from "../../../errors.ts";
import { lookForBackend } from "../../../locks/backendUrl.ts";
import { buildDeployRole } from "../../../preflight/iam/deployRole.ts";
import { buildPreflightRole } from "../../../preflight/iam/preflightRole.ts";
import type { RoleScope } from "../../../preflight/iam/roleDocuments.ts";
import type { Session } from "../../session.ts";

const BUILDERS = { deploy: buildDeployRole, preflight: buildPreflightRole } as const;

const ESTIMATE = "certain: what CloudFormation documents for each type, and what the driver calls; an estimate: what the AWS provider asks beside that "
    + "(`besides` in components/facts/deployActions/); nobody has deployed with this policy yet, so a call that is denied is news to us";

/** One JSON object, documents by their names. @throws OperatorError without an account, whose number stands in the policies */
export async function printRoles(session: Session): Promise<void> {
    const place = await readPlace(session);
    const { recordPlans } = await session.phaseContext({ isOffline: true });
    const plans = await recordPlans();
    const documents = await Promise.all(session.options.printedRoles.map((role) => BUILDERS[role](plans, place)));
    const byName = Object.fromEntries(documents.flat().map(({ name, policy }): [string, unknown] => [name, JSON.parse(policy)]));
    if (session.options.printedRoles.includes("deploy")) session.reporter.report({ kind: "note", message: ESTIMATE });
    session.print(JSON.stringify(byName, undefined, 2));
}

type Place = Omit<RoleScope, "buckets">;

async function readPlace({ accountId, accountProblem, aws, config, projectFolder, environment }: Session): Promise<Place> {
    if (accountId === undefined) {
        throw new OperatorError(`the account's number stands in the policies, and there is none: ${accountProblem ?? "no credentials"}`, "log in to the account, with whatever rights");
    }
    const { region } = aws.target;
    const { partition, dnsSuffix } = findPartition(region);
    const naming = createNaming(config, { accountId, region });
    const backend = await lookForBackend({ projectFolder, environment });
    return {
        location: { partition, dnsSuffix, region, accountId }, prefix: naming.prefix, parameterPath: naming.parameterPath,
        tags: { Project: config.project, Environment: naming.environment }, ...stateOf(backend?.url, config.project),
    };
}

/** `s3://bucket/folder?region=...`; states elsewhere need no right of AWS. */
function stateOf(url: string | undefined, project: string): Pick<Place, "state"> {
    const bucketName = /^s3:\/\/([^/?]+)/.exec(url ?? "")?.[1];
    return bucketName === undefined ? {} : { state: { bucketName, keyAlias: stateKeyAlias(project) } };
}
