/**
 * What not every region has. Read on 2026-11-21; a region that no row speaks of is unknown, and unknown is not absent.
 */
import { findPartition } from "./partitions.ts";

/** One feature, and where it is. */
export interface RegionalFeature {
    /** In words, for reports. */
    readonly name: string;
    /** Partitions all of whose regions have it. @default only the regions below */
    readonly partitions?: readonly string[];
    /** Regions that are named as having it. @default none */
    readonly regions?: readonly string[];
    /** Partitions that do not have it. @default none is known */
    readonly lackingPartitions?: readonly string[];
    readonly source: string;
}

/** Only what the platform uses, or will use. */
export const regionalFeatures = {
    /** The page counts 21 regions; China's own copy of it names none of China's. */
    serverlessInference: {
        name: "serverless inference of SageMaker",
        regions: [
            "af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1",
            "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3",
            "me-south-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
        ],
        lackingPartitions: ["aws-cn", "aws-us-gov"],
        source: "https://docs.amazonaws.cn/sagemaker/latest/dg/serverless-endpoints.md",
    },
    vpcLink: {
        name: "VPC links of HTTP APIs",
        regions: [
            "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
            "eu-central-1", "eu-north-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "me-south-1", "sa-east-1",
            "us-east-1", "us-east-2", "us-gov-west-1", "us-west-1", "us-west-2",
        ],
        source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html",
    },
    /** China's copy of the page lists them too; that GovCloud has them is from memory. */
    currentNodeRuntimes: {
        name: "the runtimes nodejs22.x and nodejs24.x of Lambda",
        partitions: ["aws", "aws-cn", "aws-us-gov"],
        source: "https://docs.amazonaws.cn/en_us/lambda/latest/dg/lambda-runtimes.html",
    },
    /** China's guide makes one; that every region of the two others has it is from memory. */
    valkey: {
        name: "Valkey of ElastiCache",
        partitions: ["aws", "aws-cn", "aws-us-gov"],
        source: "https://docs.amazonaws.cn/en_us/AmazonElastiCache/latest/dg/getting-started-valkey-vpc.html",
    },
    /** botocore's table of endpoints has one for each of the two, and none for GovCloud, whose bills are those of another account. */
    budgets: {
        name: "AWS Budgets",
        partitions: ["aws", "aws-cn"],
        source: "https://github.com/boto/botocore/blob/develop/botocore/data/endpoints.json",
    },
    /**
     * China's guide says that it has none; so does GovCloud's, of itself:
     * https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-lambda.html
     */
    eventSourceTags: {
        name: "tags of Lambda's event source mappings",
        partitions: ["aws"],
        lackingPartitions: ["aws-cn", "aws-us-gov"],
        source: "https://docs.amazonaws.cn/aws/latest/userguide/lambda.md",
    },
    /** Of GovCloud nothing was found. */
    failureBuckets: {
        name: "buckets for the records that an event source mapping of Lambda gives up",
        partitions: ["aws"],
        lackingPartitions: ["aws-cn"],
        source: "https://docs.amazonaws.cn/aws/latest/userguide/lambda.md",
    },
    /** China's law asks for a licence, which belongs to an account. */
    openRoutes: {
        name: "routes that anybody may call, unless the account has an ICP licence,",
        partitions: ["aws", "aws-us-gov"],
        lackingPartitions: ["aws-cn"],
        source: "https://docs.amazonaws.cn/en_us/aws/latest/userguide/api-gateway.html",
    },
} as const satisfies Readonly<Record<string, RegionalFeature>>;

/** Key of a row. */
export type RegionalFeatureName = keyof typeof regionalFeatures;

/**
 * Zones that a VPC link of an HTTP API may have subnets in, where the region has others beside them (which those are is from memory).
 * Source: the page of `vpcLink`.
 */
export const vpcLinkZones: Readonly<Record<string, readonly string[]>> = {
    "ap-east-1": ["ape1-az2", "ape1-az3"],
    "ap-northeast-1": ["apne1-az1", "apne1-az2", "apne1-az4"],
    "ca-central-1": ["cac1-az1", "cac1-az2"],
    "eu-west-3": ["euw3-az1", "euw3-az3"],
    "us-east-1": ["use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6"],
};

/** `lacks` only where a page says so. */
export type Availability = "has" | "lacks" | "unknown";

/** @param region a text that is no region of AWS has nothing that is known */
export function findAvailability(feature: RegionalFeatureName, region: string): Availability {
    const { partitions = [], regions = [], lackingPartitions = [] }: RegionalFeature = regionalFeatures[feature];
    const partition = partitionOf(region);
    if (regions.includes(region) || (partition !== undefined && partitions.includes(partition))) return "has";
    return partition !== undefined && lackingPartitions.includes(partition) ? "lacks" : "unknown";
}

function partitionOf(region: string): string | undefined {
    try {
        return findPartition(region).partition;
    } catch {
        return undefined;
    }
}
