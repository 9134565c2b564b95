import { expect } from "chai";
import fc from "fast-check";
import { planAddresses } from "../../../components/networking/addressPlan.ts";

/** First address and the one after the last, as numbers. */
function boundsOf(range: string): readonly [number, number] {
    const [address = "", length = ""] = range.split("/");
    const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    return [first, first + 2 ** (32 - Number(length))];
}

describe("planAddresses", () => {
    it("shares a VPC between two zones evenly", () => {
        expect(planAddresses("10.20.0.0/16", 2)).to.deep.equal({
            private: ["10.20.0.0/18", "10.20.128.0/18"], public: ["10.20.64.0/19", "10.20.192.0/19"], isolated: ["10.20.96.0/19", "10.20.224.0/19"],
        });
    });

    it("leaves the first zone as it is when a third one comes", () => {
        const [two, three] = [planAddresses("172.16.0.0/20", 2), planAddresses("172.16.0.0/20", 3)];
        for (const kind of ["private", "public", "isolated"] as const) expect(three[kind][0]).to.equal(two[kind][0]);
        expect(three.isolated).to.deep.equal(["172.16.6.0/23", "172.16.11.0/24", "172.16.15.0/24"]);
    });

    it("fills every VPC without gap or overlap, in the order zone, private, public, isolated", () => {
        const blocks = fc.tuple(fc.constantFrom<2 | 3>(2, 3), fc.integer({ min: 16, max: 20 }), fc.nat({ max: 15 }));
        fc.assert(fc.property(blocks, ([zones, length, block]) => {
            const cidr = `10.7.${(block * 2 ** (24 - length)) % 256}.0/${length}`;
            const plan = planAddresses(cidr, zones);
            const bounds = Array.from({ length: zones }, (_zone, zone) => [plan.private[zone], plan.public[zone], plan.isolated[zone]])
                .flat().map((range) => boundsOf(range ?? ""));
            const [start, end] = boundsOf(cidr);
            expect(bounds.map(([first]) => first)).to.deep.equal([start, ...bounds.slice(0, -1).map(([, next]) => next)]);
            expect(bounds.at(-1)?.[1]).to.equal(end);
        }));
    });
});
