/** Counts broken rows, keeps the first reasons for the error message, and writes the first rows to the rejects file. */
import { formatCsvRow, type CsvReject } from "./csv.ts";
import type { FileWriter } from "./runFiles.ts";

/** Reasons that the error message quotes. */
const QUOTED_REASONS = 5;
/** Rows that the rejects file lists; the others are counted. Whoever has more mends their source, not the rows. */
export const KEPT_REJECTS = 1_000;
/** Characters of a row that the rejects file keeps. */
const KEPT_CHARACTERS = 2_000;

const HEADER = "line,reason,text\n";

export class Rejects {
    readonly #file: FileWriter;
    readonly #first: CsvReject[] = [];
    #count = 0;

    constructor(file: FileWriter) {
        this.#file = file;
    }

    get count(): number {
        return this.#count;
    }

    async add(rejects: readonly CsvReject[]): Promise<void> {
        if (rejects.length === 0) return;
        const kept = rejects.slice(0, Math.max(0, KEPT_REJECTS - this.#count));
        const header = this.#count === 0 ? HEADER : "";
        this.#count += rejects.length;
        this.#first.push(...rejects.slice(0, QUOTED_REASONS - this.#first.length));
        if (kept.length > 0) await this.#file.write(header + kept.map(formatReject).join(""));
    }

    /** Completes the file. Throws when the share of broken rows is above the limit, with counts and the first reasons. */
    async finish(acceptedRows: number, maxRejectedShare: number, fileUrl: string): Promise<void> {
        if (this.#count === 0) await this.#file.write(HEADER);
        if (this.#count > KEPT_REJECTS) await this.#file.write(`,${this.#count - KEPT_REJECTS} more broken rows are not listed,\n`);
        await this.#file.close();
        const total = acceptedRows + this.#count;
        if (this.#count <= total * maxRejectedShare) return;
        const share = ((100 * this.#count) / total).toFixed(2);
        const reasons = this.#first.map(({ line, reason }) => `\n  line ${line}: ${reason}`).join("");
        const listed = this.#count > KEPT_REJECTS ? `the first ${KEPT_REJECTS}` : "all of them";
        const fix = `mend the rows (${listed} are in ${fileUrl}), or raise data.maxRejectedShare`;
        throw new Error(
            `${this.#count} of ${total} rows are broken (${share} %), but at most ${100 * maxRejectedShare} % may be${reasons}\n`
            + `  fix: ${fix}`,
        );
    }
}

function formatReject({ line, reason, text }: CsvReject): string {
    return `${formatCsvRow([line, reason, text.slice(0, KEPT_CHARACTERS)])}\n`;
}
