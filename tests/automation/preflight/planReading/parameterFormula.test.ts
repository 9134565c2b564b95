import { expect } from "chai";
import { evaluateParameter, isFormula } from "../../../../automation/preflight/planReading/parameterFormula.ts";

const GIB = 2 ** 30;

describe("formulas of RDS parameters", () => {
    const given: readonly (readonly [string, number])[] = [
        ["98304", 98_304],
        ["{DBInstanceClassMemory/16384}", 65_536],
        ["{DBInstanceClassMemory*3/32768}", 98_304],
        ["LEAST({DBInstanceClassMemory/9531392},5000)", 112],
        ["GREATEST({DBInstanceClassMemory*1024/63963136},65536)", 65_536],
        ["SUM({DBInstanceClassMemory/16384}, 4)", 65_540],
        ["LEAST(2,GREATEST(3,4))", 2],
        ["log({DBInstanceClassMemory/1024})", 20],
    ];
    for (const [text, expected] of given) {
        it(`reckons ${text}`, () => expect(evaluateParameter(text, { DBInstanceClassMemory: GIB })).to.equal(expected));
    }

    it("rounds every quotient down, as RDS does", () => {
        expect(evaluateParameter("{DBInstanceClassMemory/3*3}", { DBInstanceClassMemory: 100 })).to.equal(99);
    });

    it("leaves open what depends on a variable that is not given, and still knows it for a formula", () => {
        expect(evaluateParameter("{AllocatedStorage/16384}", { DBInstanceClassMemory: GIB })).to.equal(undefined);
        expect(isFormula("{AllocatedStorage/16384}")).to.equal(true);
    });

    const wrong = [
        "", "768MB", "{DBInstanceClassMemory/16384", "{dbinstanceclassmemory}", "{constructor}",
        "LEAST(1,2", "LEAST 1", "MAX(1,2)", "toString(1)", "1 2", "1+1",
    ];
    for (const text of wrong) {
        it(`refuses ${JSON.stringify(text)}`, () => expect(isFormula(text)).to.equal(false));
    }
});
