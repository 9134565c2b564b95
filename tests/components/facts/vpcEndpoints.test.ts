import { expect } from "chai";
import { buildServiceName, endpointNeeds, interfaceServices, isInterfaceService } from "../../../components/facts/vpcEndpoints.ts";

describe("facts about VPC endpoints", () => {
    it("name services by region, with a prefix for some of China's", () => {
        expect(buildServiceName("logs", "eu-central-1")).to.equal("com.amazonaws.eu-central-1.logs");
        expect(buildServiceName("ecr.dkr", "us-gov-west-1")).to.equal("com.amazonaws.us-gov-west-1.ecr.dkr");
        expect(buildServiceName("ecr.dkr", "cn-northwest-1")).to.equal("cn.com.amazonaws.cn-northwest-1.ecr.dkr");
        expect(buildServiceName("kms", "cn-northwest-1")).to.equal("com.amazonaws.cn-northwest-1.kms");
        expect(buildServiceName("s3", "cn-north-1")).to.equal("com.amazonaws.cn-north-1.s3");
        expect(() => buildServiceName("s3", "Frankfurt")).to.throw(/got "Frankfurt"/);
    });

    it("say why a part needs a service, each once and with its source", () => {
        const pairs = endpointNeeds.map(({ part, service }) => `${part} ${service}`);
        expect(new Set(pairs).size).to.equal(pairs.length);
        for (const { service, why, source } of endpointNeeds) {
            expect(interfaceServices, service).to.have.property(service);
            expect(why, service).not.to.equal("");
            expect(source, service).to.match(/^https:\/\/docs\.aws\.amazon\.com\//);
        }
    });

    it("know what is no service", () => {
        expect(isInterfaceService("secretsmanager")).to.equal(true);
        for (const text of ["s3", "toString", ""]) expect(isInterfaceService(text), text).to.equal(false);
    });
});
