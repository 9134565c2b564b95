/**
 * Where the images of the built-in XGBoost lie. Read on 2026-11-21 from
 * https://github.com/aws/sagemaker-python-sdk, sagemaker-core/src/sagemaker/core/image_uri_config/xgboost.json (a248126).
 */
import { findPartition } from "./partitions.ts";

export const XGBOOST_REPOSITORY = "sagemaker-xgboost";

/** Tags that are published in every region below, with the version of XGBoost inside. */
export const xgboostVersions = {
    "1.5-1": "1.5.2",
    "1.7-1": "1.7.4",
    "3.0-5": "3.0.5",
} as const;

export type XgboostTag = keyof typeof xgboostVersions;

/** Account that owns the registry, by region. */
export const registryAccounts: Readonly<Record<string, string>> = {
    "af-south-1": "510948584623",
    "ap-east-1": "651117190479",
    "ap-northeast-1": "354813040037",
    "ap-northeast-2": "366743142698",
    "ap-northeast-3": "867004704886",
    "ap-south-1": "720646828776",
    "ap-south-2": "628508329040",
    "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285",
    "ap-southeast-3": "951798379941",
    "ap-southeast-4": "106583098589",
    "ca-central-1": "341280168497",
    "ca-west-1": "190319476487",
    "cn-north-1": "450853457545",
    "cn-northwest-1": "451049120500",
    "eu-central-1": "492215442770",
    "eu-central-2": "680994064768",
    "eu-north-1": "662702820516",
    "eu-south-1": "978288397137",
    "eu-south-2": "104374241257",
    "eu-west-1": "141502667606",
    "eu-west-2": "764974769150",
    "eu-west-3": "659782779980",
    "il-central-1": "898809789911",
    "me-central-1": "272398656194",
    "me-south-1": "801668240914",
    "sa-east-1": "737474898029",
    "us-east-1": "683313688378",
    "us-east-2": "257758044811",
    "us-gov-east-1": "237065988967",
    "us-gov-west-1": "414596584902",
    "us-iso-east-1": "833128469047",
    "us-isob-east-1": "281123927165",
    "us-isof-east-1": "108575199400",
    "us-isof-south-1": "124985052026",
    "us-west-1": "746614075791",
    "us-west-2": "246618743249",
};

export interface ImageRequest {
    readonly region: string;
    /** E.g. `3.0-5`. */
    readonly tag: string;
}

/** The image's URI in the registry of its region. Throws when the region has none. */
export function buildImageUri({ region, tag }: ImageRequest): string {
    return `${registryOf(region)}.dkr.ecr.${region}.${findPartition(region).dnsSuffix}/${XGBOOST_REPOSITORY}:${tag}`;
}

/** ARN of the repository that the image is pulled from. Throws when the region has none. */
export function buildImageRepositoryArn(region: string): string {
    return `arn:${findPartition(region).partition}:ecr:${region}:${registryOf(region)}:repository/${XGBOOST_REPOSITORY}`;
}

function registryOf(region: string): string {
    const account = registryAccounts[region];
    if (account !== undefined) return account;
    throw new Error(
        `aws:region must be one where SageMaker's XGBoost is published, got ${region}; `
        + `fix: choose one of ${Object.keys(registryAccounts).join(", ")}`,
    );
}
