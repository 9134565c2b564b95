import { expect } from "chai";
import { drawComponentGraph, orderComponents } from "../../../../automation/report/html/charts/componentGraph.ts";
import { NARROW_WIDTH, WIDE_WIDTH } from "../../../../automation/report/html/charts/figure.ts";

const NEEDS = [
    { from: "stream", to: "keys", count: 2 }, { from: "stream", to: "tables", count: 1 }, { from: "tables", to: "keys", count: 9 }, { from: "api", to: "stream", count: 1 },
];

describe("the graph of components", () => {
    it("stands in an order in which everything can be made", () => {
        expect(orderComponents(NEEDS)).to.deep.equal(["keys", "tables", "stream", "api"]);
        expect(orderComponents([...NEEDS].reverse())).to.deep.equal(["keys", "tables", "stream", "api"]);
    });

    it("puts first who needs less where two need each other", () => {
        expect(orderComponents([{ from: "a", to: "b", count: 3 }, { from: "b", to: "a", count: 1 }])).to.deep.equal(["b", "a"]);
    });

    it("has an arc for every need, dashed only against the order, and stays within its width", async () => {
        for (const width of [NARROW_WIDTH, WIDE_WIDTH]) {
            const straight = (await drawComponentGraph(NEEDS, width)).text;
            expect(straight.match(/ d="M[\d.]+,[\d.]+ A/g), straight).to.have.length(NEEDS.length);
            expect(straight).not.to.include("stroke-dasharray=\"4,3\"");
            const circle = (await drawComponentGraph([...NEEDS, { from: "keys", to: "api", count: 1 }], width)).text;
            expect(circle.match(/stroke-dasharray="4,3"/g)).to.have.length(1);
            for (const [, start = "", reach = ""] of straight.matchAll(/ d="M([\d.]+),[\d.]+ A([\d.]+)/g)) expect(Number(start) + Number(reach)).to.be.lessThan(width);
        }
    });
});
