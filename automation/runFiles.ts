/** What runs leave behind below `.firstlight`: where it lies, and how much of it is kept. */
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { isRunning, startDate } from "./locks/processes.ts";

/** Of rehearsals' folders, and of reports: the newest, those of failed runs among them. */
export const KEPT_RUNS = 10;

/** Time, process, and four characters: two runs of one second do not meet. */
const REHEARSAL = /^(?<time>\d{8}T\d{6})-(?<pid>\d+)-[0-9a-f]{4}$/;
const REPORT = /-(?<time>\d{8}T\d{6})\.html$/;
/** Start times of processes are exact to a second or two, those in names to one. */
const TOLERANCE_MS = 5000;

export function rehearsalsFolder(projectFolder: string): string {
    return path.join(projectFolder, ".firstlight", "rehearsals");
}

export function reportsFolder(projectFolder: string): string {
    return path.join(projectFolder, ".firstlight", "reports");
}

/** As it stands in names: `20261121T163800`, in UTC. */
export function stampOf(time: Date): string {
    return time.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
}

/** At the start of a run. Whatever has another name stays, and so does what cannot be removed: a run does not fail for the order of a folder. */
export async function removeOldRuns(projectFolder: string): Promise<void> {
    await removeOld(rehearsalsFolder(projectFolder), REHEARSAL);
    await removeOld(reportsFolder(projectFolder), REPORT);
}

async function removeOld(folder: string, pattern: RegExp): Promise<void> {
    const names = await readdir(folder).catch(() => []);
    const runs = names.flatMap((name) => {
        const { time, pid } = pattern.exec(name)?.groups ?? {};
        return time === undefined ? [] : [{ name, time, pid }];
    });
    const old = runs.sort((left, right) => right.time.localeCompare(left.time)).slice(KEPT_RUNS);
    for (const { name, time, pid } of old) {
        if (pid !== undefined && isInUse(Number(pid), time)) continue;
        await rm(path.join(folder, name), { recursive: true, force: true }).catch(() => undefined);
    }
}

/** A process that has started later only has the same number. Of one that does not say when, the folder stays. */
function isInUse(pid: number, stamp: string): boolean {
    if (!isRunning(pid)) return false;
    const started = startDate(pid);
    return started === undefined || started.getTime() - TOLERANCE_MS <= timeOf(stamp);
}

function timeOf(stamp: string): number {
    return Date.parse(`${stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6")}Z`);
}
