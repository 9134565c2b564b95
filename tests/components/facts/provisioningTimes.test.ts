import { expect } from "chai";
import { expectResource, expectState, findProvisioningTime, phaseTimes, timedTypes } from "../../../components/facts/provisioningTimes.ts";
import type { DurationRange } from "../../../components/facts/provisioningTimes.ts";
import { cloudDefinitions, localDefinitions } from "../../../automation/rehearsal/handlers/provider.ts";
import { phases } from "../../../automation/phases/phases.ts";

function expectInOrder({ min, typical, max }: DurationRange, what: string): void {
    expect(min, what).to.be.within(0, typical);
    expect(max, what).to.be.above(typical);
}

describe("provisioning times", () => {
    it("are known for every type that the program declares, and for no other", () => {
        const declared = [...cloudDefinitions, ...localDefinitions].map(({ table }) => table.type);
        expect([...timedTypes].sort()).to.deep.equal([...new Set(declared)].sort());
    });

    it("say where they come from, and are in order", () => {
        for (const type of timedTypes) {
            const time = findProvisioningTime(type);
            expect(time?.source, type).to.match(/^(estimate|https:\/\/\S+)$/);
            for (const operation of ["create", "update", "replace", "delete"]) expectInOrder(expectResource(type, operation), `${operation} ${type}`);
        }
        for (const { name } of phases) expectInOrder(phaseTimes[name], name);
    });

    it("tell a slow type from a setting, and one operation from another", () => {
        const endpoint = "aws:sagemaker/endpoint:Endpoint";
        expect(expectResource(endpoint, "create").typical).to.be.above(100 * expectResource("aws:iam/rolePolicy:RolePolicy", "create").typical);
        expect(expectResource(endpoint, "update")).to.equal(expectResource(endpoint, "create"));
        expect(expectResource(endpoint, "delete").typical).to.be.below(expectResource(endpoint, "create").typical);
        expect(expectResource("aws:new/thing:Thing", "create")).to.equal(expectResource("aws:iam/rolePolicy:RolePolicy", "create"));
    });

    it("know a state with and without the variant behind its name", () => {
        expect(expectState("TrainModel (champion)")).to.equal(expectState("TrainModel"));
        expect(expectState("TrainModel").typical).to.be.above(expectState("ReadChampion").max);
    });
});
