/** Keeps secrets out of everything that people or files see. */

/** Shorter texts are not masked: they would make every message unreadable, and protect nothing. */
const SHORTEST = 4;

export class Masker {
    readonly #texts = new Set<string>();

    /** Remembers texts that must never be shown. */
    add(texts: Iterable<string>): void {
        for (const text of texts) if (text.length >= SHORTEST) this.#texts.add(text);
    }

    /** The text with every known secret, plain or as JSON writes it, replaced by `[secret]`. */
    mask(text: string): string {
        let masked = text;
        // The longest first: a secret that contains another must go as a whole.
        for (const secret of [...this.#texts].sort((left, right) => right.length - left.length)) {
            masked = masked.replaceAll(secret, "[secret]").replaceAll(JSON.stringify(secret).slice(1, -1), "[secret]");
        }
        return masked;
    }
}
