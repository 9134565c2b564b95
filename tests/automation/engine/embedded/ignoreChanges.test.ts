import { expect } from "chai";
import { applyIgnoreChanges } from "../../../../automation/engine/embedded/ignoreChanges.ts";
import { Secret } from "../../../../automation/engine/embedded/values.ts";
import type { ValueMap } from "../../../../automation/engine/embedded/values.ts";

const before: ValueMap = { a: 1, map: { x: 1, y: 2 }, list: [{ n: 1, m: 1 }, { n: 2, m: 2 }], hidden: new Secret({ x: "old" }) };

describe("applyIgnoreChanges", () => {
    const cases: readonly (readonly [string, ValueMap, ValueMap])[] = [
        ["a", { a: 2 }, { a: 1 }],
        ["a", {}, { a: 1 }],
        ["fresh", { a: 1, fresh: 1 }, { a: 1 }],
        ["map.x", { map: { x: 9, z: 3 } }, { map: { x: 1, z: 3 } }],
        ["map.z", { map: { x: 9, z: 3 } }, { map: { x: 9 } }],
        ["map.*", { map: { z: 3 } }, { map: { x: 1, y: 2 } }],
        ["list[1].n", { list: [{ n: 8 }, { n: 9, m: 9 }] }, { list: [{ n: 8 }, { n: 2, m: 9 }] }],
        ["list[*].n", { list: [{ n: 8 }, { n: 9 }] }, { list: [{ n: 1 }, { n: 2 }] }],
        ["list[7]", { list: [1] }, { list: [1] }],
        ["none.at.all", { a: 2 }, { a: 2 }],
        ["*", { b: 1 }, before],
    ];
    for (const [path, now, expected] of cases) {
        it(`puts ${path} of ${JSON.stringify(now)} back`, () => {
            expect(applyIgnoreChanges(now, before, [path])).to.deep.equal(expected);
        });
    }

    it("keeps secrets secret", () => {
        expect(applyIgnoreChanges({ hidden: { x: "new" } }, before, ["hidden.x"])).to.deep.equal({ hidden: new Secret({ x: "old" }) });
    });

    it("does not change what it was given", () => {
        const now = { map: { x: 9 } };
        applyIgnoreChanges(now, before, ["map.x"]);
        expect(now).to.deep.equal({ map: { x: 9 } });
    });

    it("names the paths that only one side has", () => {
        expect(() => applyIgnoreChanges({ list: [1] }, before, ["list[1]", "map.x", "a"])).to.throw("ignoreChanges: list[1], map.x:");
    });
});
