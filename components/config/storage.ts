/** The section `storage`: when objects move to cheaper storage, and when they go. */
import type { SectionReader } from "./sectionReader.ts";
import { present } from "./present.ts";
import { presetDefaults } from "./presets.ts";
import type { Preset } from "./presets.ts";

export interface StorageConfig {
    /** Days until infrequent access, at least 30. @default by preset: 30, 30, 90 */
    readonly infrequentAccessDays: number;
    /** Days until Glacier Instant Retrieval, at least 30 after infrequent access. @default by preset: 90, 90, 180 */
    readonly archiveDays: number;
    /** Days until objects are removed; later than the archive. Models and images never are. @default by preset: 365, 730, never */
    readonly expireDays?: number;
    /** Days that overwritten and deleted objects can be brought back. @default 30 */
    readonly noncurrentDays: number;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
const SHORTEST_STAY_DAYS = 30;

export function parseStorage(section: SectionReader, preset: Preset): StorageConfig {
    const defaults = presetDefaults[preset].storage;
    const filed = section.as("F15");
    const days = (name: string, min: number): number | undefined => filed.number(name, { min, max: 36_500, integer: true });
    const storage: StorageConfig = {
        infrequentAccessDays: days("infrequentAccessDays", SHORTEST_STAY_DAYS) ?? defaults.infrequentAccessDays,
        archiveDays: days("archiveDays", 2 * SHORTEST_STAY_DAYS) ?? defaults.archiveDays,
        ...present("expireDays", days("expireDays", 1) ?? defaults.expireDays),
        noncurrentDays: days("noncurrentDays", 1) ?? 30,
    };
    section.finish();
    refuseDisorder(filed, storage);
    return storage;
}

function refuseDisorder(section: SectionReader, { infrequentAccessDays, archiveDays, expireDays }: StorageConfig): void {
    if (archiveDays < infrequentAccessDays + SHORTEST_STAY_DAYS) {
        section.refuse(
            "archiveDays",
            `must be at least 30 days after infrequentAccessDays, got ${archiveDays} after ${infrequentAccessDays}`,
            `give ${infrequentAccessDays + SHORTEST_STAY_DAYS} or more`,
        );
    }
    if (expireDays !== undefined && expireDays <= archiveDays) {
        section.refuse(
            "expireDays",
            `must be later than archiveDays, got ${expireDays} with ${archiveDays}`,
            `give ${archiveDays + 1} or more`,
        );
    }
}
