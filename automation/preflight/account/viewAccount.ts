/** The account as rules see it. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { uniqueNames } from "../../account/identities/uniqueNames.ts";
import type { NameSearch } from "../../account/identities.ts";
import type { AccountSurvey } from "../../account/ownedResources.ts";
import type { AwsClients } from "../../aws.ts";
import { readAbTest } from "./abTests.ts";
import { UnansweredError } from "./accountView.ts";
import type { AccountView } from "./accountView.ts";
import { createAsking, describeSilence } from "./asking.ts";
import type { Asking } from "./asking.ts";
import { readBucket } from "./buckets.ts";
import { findEndpoint } from "./endpoints.ts";
import { readConcurrency } from "./functionConcurrency.ts";
import { listLogPolicies } from "./logPolicies.ts";
import { listQuotas } from "./quotas.ts";
import { readSubscriptions } from "./subscriptions.ts";

const READ_BUCKET = "s3:ListBucket, s3:GetBucketVersioning or s3:GetEncryptionConfiguration";

/** The services that only account-wide work asks, and whose resources are meant. */
export type AccountWorld = NameSearch;

/**
 * @param openWorld for questions about what exists beside the state, opened when the first of them is asked; without it those are not
 * answered. What they take is loaded no sooner.
 */
export function viewAccount(aws: AwsClients, openWorld?: () => Promise<AccountWorld>): AccountView {
    const asking = createAsking();
    const { ask } = asking;
    return {
        region: aws.target.region,
        endpointNamed: (name) => ask(`endpoint ${name}`, "sagemaker:DescribeEndpoint", () => findEndpoint(aws.sagemaker, name)),
        abTest: (tableName) => ask(`A/B test ${tableName}`, "dynamodb:GetItem", () => readAbTest(aws.dynamodb, tableName)),
        // One list for all rules: it has several pages, and its service answers slowly.
        async quota(service, name) {
            const quotas = await ask(`quotas ${service}`, "servicequotas:ListServiceQuotas", () => listQuotas(aws.quotas, service));
            return quotas.get(name);
        },
        functionConcurrency: () => ask("concurrency", "lambda:GetAccountSettings", () => readConcurrency(aws.lambda)),
        bucket: (name) => ask(`bucket ${name}`, READ_BUCKET, () => readBucket(aws, name)),
        subscriptions: (arn) => ask(`subscriptions ${arn}`, "sns:ListSubscriptionsByTopic", () => readSubscriptions(aws.sns, arn)),
        logPolicies: () => ask("log policies", "logs:DescribeResourcePolicies", () => listLogPolicies(aws.logs)),
        databaseOfferings: () => refuse("which databases can be ordered"),
        image: () => refuse("which images a repository has"),
        secret: () => refuse("which secrets there are"),
        ...viewWorld(aws, asking, openWorld ?? (() => refuse("what exists beside the state"))),
    };
}

/** Databases, containers and secrets are no part of the platform yet, and the clients of their services are not installed. */
async function refuse(what: string): Promise<never> {
    throw new UnansweredError(`${what} is not asked of the account by this version`, "other");
}

type WorldView = Pick<
    AccountView, "existing" | "owned" | "unseen" | "addresses" | "countVpcs" | "countNatGateways" | "deniedByOrganization"
>;

function viewWorld(aws: AwsClients, { ask }: Asking, openWorld: () => Promise<AccountWorld>): WorldView {
    let opened: Promise<AccountWorld> | undefined;
    const world = (): Promise<AccountWorld> => opened ??= openWorld();
    const ec2 = async (): Promise<EC2Client> => (await world()).clients.ec2;
    const survey = (): Promise<AccountSurvey> => ask("owned", "tag:GetResources", async () => {
        const [{ clients, owner }, { surveyAccount }] = await Promise.all([world(), import("../../account/ownedResources.ts")]);
        return surveyAccount(clients, owner);
    });
    return {
        existing: createNameQuestion(ask, world),
        owned: async () => (await survey()).resources,
        // A service that does not know the question has nothing that would be its answer.
        unseen: async () => (await survey()).unseen.filter(({ isDenied }) => isDenied).map(({ what, error }) => `${what}: ${error}`),
        addresses: () => ask("addresses", "ec2:DescribeAddresses", async () => {
            const { listAddresses } = await import("./elasticAddresses.ts");
            return listAddresses(await ec2());
        }),
        countVpcs: () => ask("VPCs", "ec2:DescribeVpcs", async () => {
            const { countVpcs } = await import("./networks.ts");
            return countVpcs(await ec2());
        }),
        countNatGateways: () => ask("NAT gateways", "ec2:DescribeNatGateways or ec2:DescribeSubnets", async () => {
            const { countNatGateways } = await import("./networks.ts");
            return countNatGateways(await ec2());
        }),
        deniedByOrganization: (question) => ask(`organization ${JSON.stringify(question)}`, "iam:SimulatePrincipalPolicy", async () => {
            const [{ clients }, { findDeniedByOrganization }] = await Promise.all([world(), import("./organization.ts")]);
            return findDeniedByOrganization({ iam: clients.iam, sts: aws.sts }, question);
        }),
    };
}

/** Who may not ask about one resource of a type may not about the others, and a service that is not there stays away: once will do. */
function createNameQuestion(ask: Asking["ask"], world: () => Promise<AccountWorld>): AccountView["existing"] {
    const refusals = new Map<string, UnansweredError>();
    return async ({ type, inputs }) => {
        const unique = uniqueNames[type];
        if (unique === undefined) {
            const { hasIdentity } = await import("../../account/identities.ts");
            return hasIdentity(type) ? undefined : refuse(`whether there is a ${type} of that name`);
        }
        return ask(`${type} ${String(inputs[unique.property])}`, unique.action, async () => {
            const refusal = refusals.get(type);
            if (refusal !== undefined) throw refusal;
            try {
                const [search, { findNameHolder }] = await Promise.all([world(), import("../../account/identities.ts")]);
                return await findNameHolder({ type, inputs }, search);
            } catch (error) {
                const silence = describeSilence(unique.action, error);
                if (silence.because === "denied" || silence.because === "unreachable") refusals.set(type, silence);
                throw silence;
            }
        });
    };
}
