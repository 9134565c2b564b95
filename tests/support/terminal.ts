/** A terminal as far as the live view uses one: lines that wrap, a cursor that moves up, erasing below, narrowing with the lines wrapped anew. */
export class Terminal {
    readonly isTTY = true;
    rows = 24;
    /** Lines as written; each takes one or more rows. */
    #lines: string[] = [""];
    /** Of the cursor, counted in rows from the top. */
    #row = 0;
    #columns: number;

    constructor(columns: number) {
        this.#columns = columns;
    }

    get columns(): number { return this.#columns; }

    /** What stands on it, without the rows that are empty at its end. */
    get text(): string { return this.#lines.join("\n").trimEnd(); }

    /** Whether a line took more than one row. */
    get hasWrapped(): boolean { return this.#lines.some((line) => line.length > this.#columns); }

    resize(columns: number): void {
        const line = this.#lineAt(this.#row).index;
        this.#columns = columns;
        this.#row = this.#lines.slice(0, line).reduce((sum, each) => sum + this.#rowsOf(each), 0);
    }

    write(text: string): boolean {
        for (const [token, up, words] of text.matchAll(/\u001B\[(\d*)A|\u001B\[J|([^\u001B\r\n]+)|[\s\S]/g)) {
            if (up !== undefined) this.#row = Math.max(0, this.#row - Number(up));
            else if (token === "\u001B[J") this.#eraseBelow();
            else if (token === "\n") this.#feedLine();
            else if (words !== undefined) this.#put(words);
        }
        return true;
    }

    #rowsOf(line: string): number {
        return Math.max(1, Math.ceil(line.length / this.#columns));
    }

    #lineAt(row: number): { index: number; first: number } {
        let first = 0;
        for (const [index, line] of this.#lines.entries()) {
            if (row < first + this.#rowsOf(line)) return { index, first };
            first += this.#rowsOf(line);
        }
        throw new Error(`there is no row ${row}`);
    }

    #eraseBelow(): void {
        const { index, first } = this.#lineAt(this.#row);
        this.#lines = [...this.#lines.slice(0, index), (this.#lines[index] ?? "").slice(0, (this.#row - first) * this.#columns)];
    }

    #feedLine(): void {
        const { index, first } = this.#lineAt(this.#row);
        if (index === this.#lines.length - 1) this.#lines.push("");
        this.#row = first + this.#rowsOf(this.#lines[index] ?? "");
    }

    /** Only ever at the end of what stands there: what is below was erased before. */
    #put(words: string): void {
        const { index } = this.#lineAt(this.#row);
        this.#lines[index] += words;
        this.#row = this.#lines.slice(0, index).reduce((sum, line) => sum + this.#rowsOf(line), 0) + this.#rowsOf(this.#lines[index] ?? "") - 1;
    }
}
