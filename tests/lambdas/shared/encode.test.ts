import { expect } from "chai";
import fc from "fast-check";
import type { Feature } from "../../../lambdas/shared/documents.ts";
import { countColumns, createLineEncoder, createRowEncoder, formatColumns, isMissing, parseNumber, type FeatureValue, type Refusal } from "../../../lambdas/shared/encode.ts";
import { parseScores } from "../../../lambdas/shared/scores.ts";

const age: Feature = { name: "age", type: "numeric", imputedValue: 42.5 };
const paperless: Feature = { name: "paperless", type: "boolean", values: ["no", "yes"], imputedValue: 1 };
const contract: Feature = { name: "contract", type: "categorical", categories: ["monthly", "yearly"] };

function encode(feature: Feature, value: FeatureValue): { columns: number[]; refusals: Refusal[] } {
    const refusals: Refusal[] = [];
    return { columns: createRowEncoder([feature])([value], refusals), refusals };
}

describe("createRowEncoder", () => {
    it("takes numbers as numbers and as text", () => {
        for (const value of [3.25, "3.25", " +3.25 ", "325e-2"]) expect(encode(age, value)).to.deep.equal({ columns: [3.25], refusals: [] });
    });

    it("imputes every kind of missing value", () => {
        for (const value of [null, "", " ", "NA", "n/a", "NaN", "null", "?", "-"]) {
            expect(encode(age, value), String(value)).to.deep.equal({ columns: [42.5], refusals: [] });
            expect(encode(paperless, value)).to.deep.equal({ columns: [1], refusals: [] });
            expect(encode(contract, value)).to.deep.equal({ columns: [0, 0], refusals: [] });
        }
    });

    it("refuses what is no number", () => {
        for (const value of ["abc", "1,5", "0x10", "Infinity", true, Number.NaN]) {
            expect(encode(age, value).refusals.map(({ kind }) => kind), String(value)).to.deep.equal(["type"]);
        }
    });

    it("takes a boolean as boolean and as either text in any case", () => {
        for (const value of [true, "yes", "YES "]) expect(encode(paperless, value)).to.deep.equal({ columns: [1], refusals: [] });
        for (const value of [false, "no"]) expect(encode(paperless, value)).to.deep.equal({ columns: [0], refusals: [] });
        expect(encode(paperless, "maybe").refusals[0]?.detail).to.equal('is "maybe", but must be true, false, "no" or "yes"');
    });

    it("takes 0 and 1 for a boolean whose texts they are", () => {
        const binary: Feature = { name: "b", type: "boolean", values: ["0", "1"], imputedValue: 0 };
        expect(encode(binary, 1)).to.deep.equal({ columns: [1], refusals: [] });
        expect(encode(binary, "1")).to.deep.equal({ columns: [1], refusals: [] });
    });

    it("makes one column per category and zeros of an unknown one, which it reports", () => {
        expect(encode(contract, "yearly")).to.deep.equal({ columns: [0, 1], refusals: [] });
        expect(encode(contract, "daily").columns).to.deep.equal([0, 0]);
        expect(encode(contract, "daily").refusals).to.deep.equal([
            { feature: "contract", kind: "category", detail: 'is "daily", but must be one of "monthly", "yearly"' },
        ]);
    });

    it("gives as many columns as countColumns says, whatever the values are", () => {
        const features = [age, paperless, contract];
        const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
        fc.assert(fc.property(fc.tuple(value, value, value), (values) => {
            const columns = createRowEncoder(features)(values, []);
            expect(columns).to.have.length(countColumns(features));
            expect(columns.every(Number.isFinite)).to.equal(true);
        }));
    });
});

describe("createLineEncoder", () => {
    it("writes the very line that the columns of the row encoder make, whatever the values are", () => {
        const none: Feature = { name: "none", type: "categorical", categories: [] };
        const text = fc.oneof(fc.string(), fc.constantFrom("", "NA", "yes", "no", "YES", "monthly", " yearly ", "1e3", "007", "+1.50", ".5", "-0", "1e-9"));
        const value = fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null));
        fc.assert(fc.property(fc.shuffledSubarray([age, paperless, contract, none], { minLength: 1 }), fc.array(value, { minLength: 4, maxLength: 4 }), (features, values) => {
            expect(createLineEncoder(features)(values)).to.equal(formatColumns(createRowEncoder(features)(values, [])));
        }), { numRuns: 2_000 });
    });
});

describe("formatColumns", () => {
    it("prints numbers that read back as the same numbers", () => {
        const number = fc.double({ noNaN: true, noDefaultInfinity: true });
        fc.assert(fc.property(fc.array(number, { minLength: 1 }), (numbers) => {
            expect(parseScores(formatColumns(numbers))?.map((value) => value + 0)).to.deep.equal(numbers.map((value) => value + 0));
        }));
    });
});

describe("parseNumber", () => {
    it("reads what a number prints as, and nothing that only starts like one", () => {
        fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
            expect(parseNumber(String(number))).to.equal(number);
        }));
        for (const text of ["", "1 2", "12a", "1e999", "--1", "."]) expect(parseNumber(text), text).to.equal(undefined);
    });

    it("reads decimal numbers alone, as their grammar says", () => {
        const grammar = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
        const text = fc.string({ unit: fc.constantFrom("0", "1", "9", ".", "e", "E", "x", "b", "o", "+", "-", "_", " ", "\t", "n", "\u00a0"), maxLength: 6 });
        fc.assert(fc.property(text, (cell) => {
            expect(parseNumber(cell) !== undefined, JSON.stringify(cell)).to.equal(grammar.test(cell.trim()) && Number.isFinite(Number(cell)));
        }), { numRuns: 20_000 });
        for (const cell of ["0x10", "0b1", "0o7", "-0x1", "Infinity", "1n", "1_000"]) expect(parseNumber(cell), cell).to.equal(undefined);
    });
});

describe("isMissing", () => {
    it("does not take a category named none for a missing value", () => {
        expect(isMissing("none")).to.equal(false);
        expect(isMissing("NULL")).to.equal(true);
    });
});

describe("parseScores", () => {
    it("takes commas, newlines and brackets", () => {
        for (const text of ["0.1,0.9\n", "0.1\n0.9\n", "[0.1, 0.9]", '"[0.1, 0.9]"']) expect(parseScores(text)).to.deep.equal([0.1, 0.9]);
        expect(parseScores("1e-05")).to.deep.equal([0.00001]);
    });

    it("refuses a text with anything else in it", () => {
        for (const text of ["0.1,nan", "0.1;0.9", "error"]) expect(parseScores(text), text).to.equal(undefined);
    });
});
