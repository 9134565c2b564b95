import { expect } from "chai";
import { buildSchema, packagesOf } from "../../../../automation/engine/providerPlugin/schema.ts";
import { servePackages } from "../../../../automation/engine/providerPlugin.ts";
import { createPlanningProvider } from "../../../../automation/rehearsal/handlers/provider.ts";

describe("the packages of the rehearsal's provider", () => {
    const provider = createPlanningProvider({ region: "eu-central-1", accountId: "111122223333" });

    it("are those that the program uses, each on a port of its own", async () => {
        expect(packagesOf(provider)).to.deep.equal(["aws", "awsx", "command", "random"]);
        const served = await servePackages(provider, { folder: "/" });
        const entries = served.environment.PULUMI_DEBUG_PROVIDERS.split(",").map((entry) => entry.split(":"));
        served.close();
        expect(entries.map(([name]) => name)).to.deep.equal(["aws", "awsx", "command", "random"]);
        expect(new Set(entries.map(([, port]) => port))).to.have.property("size", 4);
    });

    it("have every type, function and component in the schema of one of them", () => {
        const schemas = packagesOf(provider).map((name) => buildSchema(provider, name, "1.0.0"));
        const types = schemas.flatMap(({ resources }) => Object.keys(resources));
        expect(types).to.have.members([...provider.resources.keys(), ...provider.components?.keys() ?? []]);
        expect(schemas.flatMap(({ functions }) => Object.keys(functions))).to.have.members([...provider.invokes.keys()]);
        const awsx = schemas.find(({ name }) => name === "awsx");
        expect(Object.keys(awsx?.resources ?? {})).to.deep.equal(["awsx:ec2:Vpc"]);
        expect(awsx?.resources["awsx:ec2:Vpc"]).to.include({ isComponent: true });
        expect(awsx?.resources["awsx:ec2:Vpc"]?.inputProperties).to.have.any.keys("subnetSpecs");
        expect(awsx?.resources["awsx:ec2:Vpc"]?.properties).to.have.any.keys("vpcId");
    });
});
