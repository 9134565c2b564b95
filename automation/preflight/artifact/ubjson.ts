/** Reads UBJSON as far as XGBoost writes it (https://ubjson.org). Arrays of numbers are kept as their length alone. */

/** A typed array, of which only the length matters here. */
export interface NumberArray { readonly numberArrayLength: number }

/** Bytes per value of the fixed-size types. */
const SIZES: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8, C: 1 };

/** @throws RangeError or SyntaxError when the bytes are no UBJSON. */
export function parseUbjson(bytes: Uint8Array): unknown {
    return new UbjsonReader(bytes).readValue();
}

class UbjsonReader {
    readonly #view: DataView;
    readonly #bytes: Uint8Array;
    #at = 0;

    constructor(bytes: Uint8Array) {
        this.#bytes = bytes;
        this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }

    readValue(type = this.#readType()): unknown {
        switch (type) {
            case "{": return this.#readObject();
            case "[": return this.#readArray();
            case "S": return this.#readText();
            case "T": return true;
            case "F": return false;
            case "Z": case "N": return null;
            default: return this.#readNumber(type);
        }
    }

    #readType(): string {
        return String.fromCharCode(this.#view.getUint8(this.#at++));
    }

    #peek(): string {
        return String.fromCharCode(this.#view.getUint8(this.#at));
    }

    #readNumber(type: string): number {
        const at = this.#at;
        const size = SIZES[type];
        if (size === undefined) throw new SyntaxError(`unknown type ${JSON.stringify(type)} at byte ${at - 1}`);
        this.#at += size;
        switch (type) {
            case "i": return this.#view.getInt8(at);
            case "I": return this.#view.getInt16(at);
            case "l": return this.#view.getInt32(at);
            case "L": return Number(this.#view.getBigInt64(at));
            case "d": return this.#view.getFloat32(at);
            case "D": return this.#view.getFloat64(at);
            default: return this.#view.getUint8(at);
        }
    }

    #readLength(): number {
        const length = this.#readNumber(this.#readType());
        if (length < 0 || length > this.#bytes.length) throw new RangeError(`length ${length} is longer than the file`);
        return length;
    }

    #readText(): string {
        const length = this.#readLength();
        const text = this.#bytes.subarray(this.#at, this.#at + length);
        this.#at += length;
        return Buffer.from(text).toString("utf8");
    }

    #readObject(): Record<string, unknown> {
        const object: Record<string, unknown> = {};
        const count = this.#peek() === "#" ? this.#readCount() : undefined;
        for (let index = 0; count === undefined ? this.#peek() !== "}" : index < count; index++) {
            const key = this.#readText();
            object[key] = this.readValue();
        }
        if (count === undefined) this.#at++;
        return object;
    }

    #readArray(): unknown {
        if (this.#peek() === "$") return this.#readTypedArray();
        const count = this.#peek() === "#" ? this.#readCount() : undefined;
        const values: unknown[] = [];
        while (count === undefined ? this.#peek() !== "]" : values.length < count) values.push(this.readValue());
        if (count === undefined) this.#at++;
        return values;
    }

    #readCount(): number {
        this.#at++;
        return this.#readLength();
    }

    #readTypedArray(): NumberArray {
        this.#at++;
        const type = this.#readType();
        const size = SIZES[type];
        if (size === undefined || this.#peek() !== "#") throw new SyntaxError(`array of unknown type ${JSON.stringify(type)} at byte ${this.#at}`);
        const length = this.#readCount();
        if (this.#at + length * size > this.#bytes.length) throw new RangeError("array is longer than the file");
        this.#at += length * size;
        return { numberArrayLength: length };
    }
}
