/** A part of a line keeps the whole chunk in memory that the line was cut from; a copy does not. For texts that are kept. */
export function copyText(text: string): string {
    return Buffer.from(text).toString();
}
