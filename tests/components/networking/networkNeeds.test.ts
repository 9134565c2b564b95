import { expect } from "chai";
import { endpointNeeds } from "../../../components/facts/vpcEndpoints.ts";
import { listInterfaceServices, listUnreachableServices, needsVpc } from "../../../components/networking/networkNeeds.ts";
import { testConfig } from "../../support/programContexts.ts";

describe("needsVpc", () => {
    it("is true for private training or on demand, and else false", () => {
        expect(needsVpc(testConfig())).to.equal(false);
        expect(needsVpc(testConfig({ training: { private: true } }))).to.equal(true);
        expect(needsVpc(testConfig({ network: { vpc: "on" } }))).to.equal(true);
    });
});

describe("listInterfaceServices", () => {
    it("has what the configuration names, when no part needs any", () => {
        expect(listInterfaceServices(testConfig({ network: { vpc: "on", interfaceEndpoints: ["sqs", "ecr.api", "sqs"] } }))).to.deep.equal(["ecr.api", "sqs"]);
    });

    it("has every service that private training needs", () => {
        const needed = endpointNeeds.filter(({ part }) => part === "training.private").map(({ service }) => service);
        expect(needed).to.include.members(["logs", "ecr.api", "ecr.dkr"]);
        expect(listInterfaceServices(testConfig({ training: { private: true } }))).to.have.members(needed);
    });
});

describe("listUnreachableServices", () => {
    it("has all services without an endpoint, in words, and the internet", () => {
        const services = listUnreachableServices(testConfig({ training: { private: true } }));
        expect(services).to.include.members(["AWS Secrets Manager", "Amazon SageMaker (inference)", "any other service, and the internet"]);
        expect(services).not.to.include.members(["AWS STS"]).and.not.include.members(["Amazon S3"]);
    });

    it("shrinks by what the configuration adds", () => {
        const network = { interfaceEndpoints: ["secretsmanager"] };
        expect(listUnreachableServices(testConfig({ training: { private: true }, network }))).not.to.include("AWS Secrets Manager");
    });

    it("says that NAT helps private subnets alone", () => {
        const services = listUnreachableServices(testConfig({ training: { private: true }, network: { nat: "single" } }));
        expect(services.every((words) => words.endsWith("(from isolated subnets)"))).to.equal(true);
        expect(services).to.include("Amazon SQS (from isolated subnets)");
    });
});
