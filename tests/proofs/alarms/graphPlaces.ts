/** Everything in a plan that says where it is: ARNs, regions, hosts. All must follow the region that the stack's file names. */
import { findPartition } from "../../../components/facts/partitions.ts";
import { registryAccounts } from "../../../components/facts/sagemakerImages.ts";
import { carriesEnvironment, findRefusedName, findSharedName, namePropertyOf } from "../../../components/resourceNames.ts";
import type { Plan } from "../../../automation/engine/engine.ts";

/** Stands for the account in a plan without credentials. */
const ACCOUNT = "000000000000";

const ARN = /arn:([a-z-]+):([a-z0-9-]+):([a-z0-9-]*):([a-z0-9-]*):/g;
const REGION = /\b(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central)+-\d\b/g;
/** Not the names of VPC endpoints' services, which begin with the domain: `com.amazonaws.eu-central-1.logs`. */
const HOST = /([a-z0-9.-]*)\.amazonaws\.(com\.cn|com|eu)(?![\w-])/g;

/**
 * Services whose principals are the same in every partition; the others carry its domain. Source:
 * https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/region-info/lib/default.ts, read on 2026-11-21.
 */
const UNIVERSAL_PRINCIPALS = ["apigateway", "budgets", "cloudwatch", "events", "lambda", "logging.s3", "s3", "sagemaker", "states", "vpc-flow-logs"];

/** What does not follow the region, each thing once; and how many ARNs and hosts were looked at. */
export interface PlaceFindings {
    readonly faults: readonly string[];
    readonly looked: number;
}

export function judgePlaces({ resources }: Plan, region: string): PlaceFindings {
    const faults = new Set<string>();
    let looked = 0;
    for (const { name, inputs } of resources) {
        const text = JSON.stringify(inputs).replaceAll("\\\"", "\"");
        const found = [...judgeArns(text, region), ...judgeRegions(text, region), ...judgeHosts(text, region)];
        looked += found.length;
        for (const fault of found) if (fault !== undefined) faults.add(`${name}: ${fault}`);
    }
    return { faults: [...faults], looked };
}

/** Undefined for what is right. */
type Fault = string | undefined;

function judgeArns(text: string, region: string): readonly Fault[] {
    const { partition } = findPartition(region);
    return [...text.matchAll(ARN)].map(([arn, itsPartition, service, itsRegion, account]) => {
        const accounts = service === "ecr" ? [registryAccounts[region]] : [ACCOUNT, "", "aws"];
        const isRight = itsPartition === partition && ["", region].includes(itsRegion ?? "") && (accounts.includes(account) || service === "apigateway");
        return isRight ? undefined : `${arn} is not of ${partition} and ${region}`;
    });
}

function judgeRegions(text: string, region: string): readonly Fault[] {
    return [...text.matchAll(REGION)].map(([found]) => (found === region ? undefined : `${found} is not ${region}`));
}

/** Image registries, what keys are used through, and service principals. */
function judgeHosts(text: string, region: string): readonly Fault[] {
    const { dnsSuffix } = findPartition(region);
    return [...text.matchAll(HOST)].map(([host, service = "", suffix]) => {
        if (UNIVERSAL_PRINCIPALS.includes(service)) return suffix === "com" ? undefined : `${host} is ${service}.amazonaws.com everywhere`;
        const isRight = `amazonaws.${suffix}` === dnsSuffix && service.endsWith(region);
        return isRight ? undefined : `${host} does not end with ${region}.${dnsSuffix}`;
    });
}

/** Names that their service would refuse, or that another environment may have: what the rules say of them, asked of the plan itself. */
export function judgeNames({ resources }: Plan, prefix: string): readonly string[] {
    return resources.flatMap(({ type, name, inputs }) => {
        const value = inputs[namePropertyOf(type)];
        if (typeof value !== "string" || !type.startsWith("aws:")) return [];
        const known = value.replaceAll("<hex6>", "a1b2c3");
        const fault = findRefusedName(type, known) ?? (carriesEnvironment(type) ? findSharedName(type, value, prefix) : undefined);
        return fault === undefined ? [] : [`${name}: ${fault}`];
    });
}
