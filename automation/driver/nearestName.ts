/** What somebody who mistyped a name may have meant. */

/** The known name that takes the fewest edits, if that is not another word altogether. Case does not count. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
    const ranked = known.map((each) => ({ each, edits: countEdits(name.toLowerCase(), each.toLowerCase()) })).sort((left, right) => left.edits - right.edits);
    const [best] = ranked;
    return best !== undefined && best.edits <= Math.max(2, name.length / 3) && best.edits < name.length ? best.each : undefined;
}

/** Levenshtein's distance. */
function countEdits(left: string, right: string): number {
    let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
    for (let row = 1; row <= left.length; row++) {
        const current = [row];
        for (let column = 1; column <= right.length; column++) {
            const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
            current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
        }
        previous = current;
    }
    return previous[right.length] ?? 0;
}
