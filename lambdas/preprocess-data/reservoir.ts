/** The median of a column of any length from a fixed amount of memory. */

/**
 * Values kept: exact up to this many; above, the median of a sample, whose rank is off by about 0.4 % (standard error 1 / (2 * sqrt(n))).
 */
const CAPACITY = 16_384;

/** A uniform sample of all values added (algorithm R), the same for the same seed and order. */
export class Reservoir {
    readonly #values = new Float64Array(CAPACITY);
    #seen = 0;
    #state: number;

    constructor(seed: number) {
        this.#state = seed;
    }

    add(value: number): void {
        const place = this.#seen < CAPACITY ? this.#seen : Math.floor(this.#random() * (this.#seen + 1));
        if (place < CAPACITY) this.#values[place] = value;
        this.#seen++;
    }

    /** Undefined when nothing was added. */
    median(): number | undefined {
        const sorted = this.#values.slice(0, Math.min(this.#seen, CAPACITY)).sort();
        if (sorted.length === 0) return undefined;
        const middle = Math.floor(sorted.length / 2);
        return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    }

    /** xorshift32, from a state that is never zero. */
    #random(): number {
        let state = this.#state === 0 ? 0x9e3779b9 : this.#state;
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        this.#state = state;
        return (state >>> 0) / 2 ** 32;
    }
}
