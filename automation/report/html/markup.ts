/** HTML that cannot forget to escape: what is put into a template is text, unless it came out of a template itself. */
export class Markup {
    readonly text: string;

    constructor(text: string) {
        this.text = text;
    }
}

export type Content = string | number | Markup | undefined | readonly Content[];

/** Text is escaped, markup is taken as it is, lists are joined, undefined is nothing. */
export function html(texts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
    return new Markup(texts.reduce((whole, text, index) => whole + textOf(contents[index - 1]) + text));
}

/** Only for text that was made here: a drawing, a style sheet. */
export function trusted(text: string): Markup {
    return new Markup(text);
}

function textOf(content: Content): string {
    if (content === undefined) return "";
    if (content instanceof Markup) return content.text;
    if (typeof content === "object") return content.map(textOf).join("");
    return escapeText(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** For elements and for attributes in quotes. Characters that no document may hold are replaced: https://html.spec.whatwg.org/#preprocessing-the-input-stream */
export function escapeText(text: string): string {
    return text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, "\uFFFD").replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
