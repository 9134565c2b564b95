/** What somebody who mistyped a name may have meant. */

/** The known name that is fewest changes away, when those are at most a third of it; undefined when nothing is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
    const ranked = known.map((each) => ({ each, distance: distanceBetween(name, each) })).sort((left, right) => left.distance - right.distance);
    const [best] = ranked;
    return best !== undefined && best.distance <= Math.max(1, Math.floor(best.each.length / 3)) ? best.each : undefined;
}

/** Changes (insert, delete, replace, swap of neighbours) from one text to the other. */
function distanceBetween(left: string, right: string): number {
    const table = Array.from({ length: left.length + 1 }, (_, row) => Array.from({ length: right.length + 1 }, (_, column) => (row === 0 ? column : column === 0 ? row : 0)));
    const at = (row: number, column: number): number => table[row]?.[column] ?? 0;
    for (let row = 1; row <= left.length; row++) {
        for (let column = 1; column <= right.length; column++) {
            const isSame = left[row - 1] === right[column - 1];
            const isSwap = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
            const distances = [at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + (isSame ? 0 : 1)];
            if (isSwap) distances.push(at(row - 2, column - 2) + 1);
            (table[row] ?? [])[column] = Math.min(...distances);
        }
    }
    return at(left.length, right.length);
}
