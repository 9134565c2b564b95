/** From here on are the scripts whose characters take two columns. https://www.unicode.org/reports/tr11/ */
const FIRST_WIDE = 0x1100;

/** Columns that a text takes at most on a terminal. Too many is cut too early; too few would break the picture. */
export function columnsOf(text: string): number {
    let columns = 0;
    for (const character of text) columns += (character.codePointAt(0) ?? 0) >= FIRST_WIDE ? 2 : 1;
    return columns;
}
