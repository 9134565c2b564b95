/** Container images in ECR, by the text that names them. */
import { answerOf } from "../account/answerOf.ts";
import type { Having } from "../rule.ts";
import { findPlace } from "./place.ts";
import type { Gap } from "./remarks.ts";
import { isUnknown } from "./values.ts";

/**
 * `<account>.dkr.ecr.<region>.<domain>/<repository>:<tag>`, or `@<digest>`.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
const ECR_IMAGE = /^(?<owner>\d{12})\.dkr[.-]ecr\.(?<region>[^.]+)\.[^/]+\/(?<repository>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>.+))?$/;

export interface ImageName {
    /** Account of the registry, 12 digits. */
    readonly owner: string;
    readonly region: string;
    readonly repository: string;
    /** Digest, or tag: `latest` when neither is named. */
    readonly reference: string;
}

/** Undefined for an image of another registry. */
export function readImageName(image: string): ImageName | undefined {
    const { owner, region = "", repository = "", tag = "latest", digest } = ECR_IMAGE.exec(image)?.groups ?? {};
    return owner === undefined ? undefined : { owner, region, repository, reference: digest ?? tag };
}

/** Whether the image is in the account that is deployed to; a gap when that cannot be said. */
export async function lookForImage(image: string, evidence: Having<"plan">): Promise<"pushed" | "missing" | Gap> {
    const named = readImageName(image);
    if (isUnknown(image) || named === undefined) return { open: `the image ${image} is none of ECR's, or not known yet` };
    if (evidence.account === undefined) return { open: `whether ${image} has been pushed is not known without an account` };
    const place = findPlace(evidence.plan);
    if (evidence.account.region !== named.region || (place !== undefined && place.account !== named.owner)) {
        return { open: `the image ${image} is in another account or region` };
    }
    const answered = await answerOf(evidence.account.image(named.repository, named.reference));
    if ("unanswered" in answered) return { open: answered.unanswered };
    return answered.answer === undefined ? "missing" : "pushed";
}
