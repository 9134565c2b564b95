import { expect } from "chai";
import { compareWaysOut } from "../../../../automation/preflight/forecast/waysOut.ts";
import type { WaysOut } from "../../../../automation/preflight/forecast/waysOut.ts";

function compare(region: string, given: Partial<Parameters<typeof compareWaysOut>[0]> = {}): WaysOut {
    return compareWaysOut({ region, zones: 1, services: 4, gateways: 1, ...given }) as WaysOut;
}

describe("NAT against interface endpoints", () => {
    it("costs what four endpoints and a gateway are known to cost for 720 hours", () => {
        const virginia = compare("us-east-1", { hours: 720 });
        expect(virginia.endpointsUsd).to.be.closeTo(28.8, 1e-9);
        // The gateway 32.40, its address 3.60.
        expect(virginia.gatewaysUsd).to.be.closeTo(36, 1e-9);
        const tokyo = compare("ap-northeast-1", { hours: 720 });
        expect(tokyo.endpointsUsd).to.be.closeTo(40.32, 1e-9);
        expect(compare("ap-northeast-1", { hours: 720, zones: 2 }).endpointsUsd).to.be.closeTo(80.64, 1e-9);
        expect(tokyo.gatewaysUsd).to.be.closeTo(44.64 + 3.6, 1e-9);
    });

    it("is even, with endpoints beside a gateway, at 823 GB a month in one region and 775 in the other", () => {
        expect(Math.round(compare("us-east-1", { hours: 720 }).besideGb)).to.equal(823);
        expect(Math.round(compare("ap-northeast-1", { hours: 720 }).besideGb)).to.equal(775);
    });

    it("is even, instead of a gateway, where both bills are the same", () => {
        expect(compare("us-east-1").insteadGb).to.equal(0);
        const { insteadGb, endpointsUsd, gatewaysUsd } = compare("us-east-1", { zones: 3, services: 6 });
        expect(endpointsUsd + insteadGb * 0.01).to.be.closeTo(gatewaysUsd + insteadGb * 0.045, 1e-9);
        expect(Math.round(insteadGb)).to.equal(2711);
    });

    it("reckons with the month of AWS's calculator unless told otherwise", () => {
        expect(compare("us-east-1").endpointsUsd).to.be.closeTo(29.2, 1e-9);
    });

    it("names the prices that a region lacks", () => {
        const lacking = ["interfaceEndpoint.hour", "interfaceEndpoint.gb", "nat.hour", "nat.gb", "publicAddress.hour"];
        expect(compareWaysOut({ region: "us-gov-west-1", zones: 2, services: 6, gateways: 1 })).to.deep.equal({ region: "us-gov-west-1", lacking });
    });
});
