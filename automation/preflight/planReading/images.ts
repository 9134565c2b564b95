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

/** Whether the image is in the account that is deployed to; a gap when that cannot be said. */
export async function lookForImage(image: string, evidence: Having<"plan">): Promise<"pushed" | "missing" | Gap> {
    const { owner, region, repository = "", tag = "latest", digest } = ECR_IMAGE.exec(image)?.groups ?? {};
    if (isUnknown(image) || owner === undefined) return { open: `the image ${image} is none of ECR's, or not known yet` };
    if (evidence.account === undefined) return { open: `whether ${image} has been pushed is not known without an account` };
    const place = findPlace(evidence.plan);
    if (evidence.account.region !== region || (place !== undefined && place.account !== owner)) {
        return { open: `the image ${image} is in another account or region` };
    }
    const answered = await answerOf(evidence.account.image(repository, digest ?? tag));
    if ("unanswered" in answered) return { open: answered.unanswered };
    return answered.answer === undefined ? "missing" : "pushed";
}
