/**
 * Services that can be reached through VPC endpoints, and which part of the platform needs which.
 * Names: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html, read on 2026-11-21.
 */
import { findPartition } from "./partitions.ts";

/** In words, for reports; the key is what follows the region in the endpoint's service name. */
export const interfaceServices = {
    "ecr.api": "Amazon ECR (API)",
    "ecr.dkr": "Amazon ECR (images)",
    events: "Amazon EventBridge",
    "kinesis-streams": "Amazon Kinesis Data Streams",
    kms: "AWS KMS",
    lambda: "AWS Lambda",
    logs: "Amazon CloudWatch Logs",
    monitoring: "Amazon CloudWatch metrics",
    "sagemaker.api": "Amazon SageMaker (API)",
    "sagemaker.runtime": "Amazon SageMaker (inference)",
    secretsmanager: "AWS Secrets Manager",
    sns: "Amazon SNS",
    sqs: "Amazon SQS",
    ssm: "AWS Systems Manager (parameters)",
    states: "AWS Step Functions",
    sts: "AWS STS",
} as const;

export type InterfaceService = keyof typeof interfaceServices;

/**
 * Reached by a route instead of a network interface, at no cost. https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
 */
export const gatewayServices = { s3: "Amazon S3", dynamodb: "Amazon DynamoDB" } as const;

export type GatewayService = keyof typeof gatewayServices;

/**
 * Services whose names begin with `cn.` in China; the others are called there as elsewhere.
 * https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts, read on 2026-11-21.
 */
const PREFIXED_IN_CHINA: ReadonlySet<string> = new Set([
    "ecr.api", "ecr.dkr", "kinesis-streams", "lambda", "monitoring", "sagemaker.api", "sagemaker.runtime", "sqs", "states", "sts",
]);

/** A part of the platform that runs inside the VPC when it is switched on. */
export type PrivatePart = "training.private";

export interface EndpointNeed {
    readonly part: PrivatePart;
    readonly service: InterfaceService;
    readonly why: string;
    readonly source: string;
}

/**
 * What runs in isolated subnets has no other way to a service. Data of training and transform jobs goes through the gateway endpoint of
 * S3, which every VPC here has; of the rest AWS does not say in full which traffic leaves a job's own network interface, and a job that
 * misses one endpoint fails after minutes of waiting. See docs/decisions/0013-a-network-only-when-needed.md.
 */
export const endpointNeeds: readonly EndpointNeed[] = [
    {
        part: "training.private", service: "logs", why: "jobs write their logs",
        source: "https://docs.aws.amazon.com/sagemaker/latest/dg/model-customize-mtrl-vpc.html",
    },
    {
        part: "training.private", service: "sagemaker.api", why: "code in a job's container reports to SageMaker",
        source: "https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html",
    },
    {
        part: "training.private", service: "ecr.api", why: "images are looked up",
        source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    },
    {
        part: "training.private", service: "ecr.dkr", why: "images are pulled; their layers come through the gateway endpoint of S3",
        source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    },
    {
        part: "training.private", service: "sts", why: "SDKs in a job's container ask who they are and renew what they have",
        source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sts_vpc_endpoint_create.html",
    },
    {
        part: "training.private", service: "kms", why: "SDKs that encrypt on their own side ask for data keys",
        source: "https://docs.aws.amazon.com/kms/latest/developerguide/kms-vpc-endpoint.html",
    },
];

/**
 * Name of a service as `CreateVpcEndpoint` wants it, e.g. `com.amazonaws.eu-central-1.logs`.
 *
 * @throws for a text that is no region.
 */
export function buildServiceName(service: InterfaceService | GatewayService, region: string): string {
    const isPrefixed = findPartition(region).partition === "aws-cn" && PREFIXED_IN_CHINA.has(service);
    return `${isPrefixed ? "cn." : ""}com.amazonaws.${region}.${service}`;
}

/** Whether a text names a service that has an interface endpoint here. */
export function isInterfaceService(text: string): text is InterfaceService {
    return Object.hasOwn(interfaceServices, text);
}

/**
 * The bucket from which ECR serves image layers.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-setting-up-s3-gateway
 */
export function layerBucketName(region: string): string {
    return `prod-${region}-starport-layer-bucket`;
}
