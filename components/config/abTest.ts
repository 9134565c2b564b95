/** The section `abTest`: how requests are split before anybody changed it by the API. */
import type { Variant } from "../../lambdas/shared/documents.ts";
import type { SectionReader } from "./sectionReader.ts";

export interface AbTestConfig {
    /** Percent of the requests per variant; they sum to 100. @default champion 90, challenger 10 */
    readonly weights: Readonly<Record<Variant, number>>;
}

export function parseAbTest(section: SectionReader): AbTestConfig {
    const weights = section.section("weights");
    const champion = weights.number("champion", { min: 0, max: 100, integer: true });
    const challenger = weights.number("challenger", { min: 0, max: 100, integer: true });
    weights.finish();
    section.finish();
    // One of the two says the other.
    const found = {
        champion: champion ?? (challenger === undefined ? 90 : 100 - challenger),
        challenger: challenger ?? (champion === undefined ? 10 : 100 - champion),
    };
    const sum = found.champion + found.challenger;
    if (sum !== 100) section.refuse(
        "weights",
        `must sum to 100, got ${found.champion} + ${found.challenger} = ${sum}`,
        "give one of the two, or two that sum to 100",
    );
    return { weights: found };
}
