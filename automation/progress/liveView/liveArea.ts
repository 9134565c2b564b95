/** Lines at the end of a terminal that are drawn again and again in the same place, below the lines that stay. */
import type { Output } from "../output.ts";
import { columnsOf } from "./columns.ts";

const ERASE_BELOW = "\u001B[J";

export interface LiveArea {
    /** Writes lines that stay above, and draws the others anew. */
    draw(kept: readonly string[], live: readonly string[]): void;
}

export function createLiveArea(output: Output): LiveArea {
    let drawn: readonly string[] = [];
    return {
        draw(kept, live) {
            if (kept.length === 0 && live.length === 0 && drawn.length === 0) return;
            // Each line ends with a line feed, so the cursor stands at the begin of the one below: where a prompt or a crash may write.
            const lines = [...kept, ...live].map((line) => `${line}\n`).join("");
            output.write(`${moveUp(rowsOf(drawn, output.columns ?? 80))}\r${ERASE_BELOW}${lines}`);
            drawn = live;
        },
    };
}

function moveUp(rows: number): string {
    return rows === 0 ? "" : `\u001B[${rows}A`;
}

/** A terminal that became narrower since has wrapped what was on it. */
function rowsOf(lines: readonly string[], width: number): number {
    return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(columnsOf(line) / Math.max(1, width))), 0);
}
