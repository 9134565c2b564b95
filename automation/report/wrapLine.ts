/** Breaks a line at blanks; what follows is indented by four more. A word that is longer than the line (a URL) stays whole. */
export function wrapLine(line: string, width: number): readonly string[] {
    const indentation = /^ */.exec(line)?.[0] ?? "";
    const lines: string[] = [];
    let current = indentation;
    for (const word of line.trim().split(" ")) {
        const isFirst = current.trim() === "";
        if (!isFirst && current.length + 1 + word.length > width) {
            lines.push(current);
            current = `${indentation}    ${word}`;
        } else {
            current += isFirst ? word : ` ${word}`;
        }
    }
    return [...lines, current];
}
