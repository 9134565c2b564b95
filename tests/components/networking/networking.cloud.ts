import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { createEmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import type { EmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import { createPlanningProvider } from "../../../automation/rehearsal/handlers/provider.ts";
import { startHandlerCloud, type HandlerCloud } from "../../automation/rehearsal/handlers/handlerCloud.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../..");

const PROGRAM = `import { EncryptionKeys } from "../../components/data/encryptionKeys.ts";
import { Networking } from "../../components/networking/networking.ts";
import { readContext } from "../../components/programContext.ts";
const { config, context } = await readContext();
const keys = new EncryptionKeys("keys", { context });
const network = new Networking("network", { context, config, kmsKeyArn: keys.lambdaKeyArn });
export const { vpcId, isolatedSubnetIds, computeSecurityGroupId, unreachableServices } = network;
`;

interface NetworkSettings { readonly nat: string; readonly zones: number }

describe("a network on the embedded engine", () => {
    let cloud: HandlerCloud;
    let folder: string;

    before(async () => {
        cloud = await startHandlerCloud();
        // Inside the project, so that the program finds its packages.
        folder = mkdtempSync(path.join(PROJECT, ".firstlight", "network-"));
        writeFileSync(path.join(folder, "index.ts"), PROGRAM);
    });
    after(async () => {
        rmSync(folder, { recursive: true });
        await cloud.stop();
    });

    function createEngine(settings: NetworkSettings, provider = cloud.provider): EmbeddedEngine {
        return createEmbeddedEngine({
            provider, projectFolder: folder, program: "index.ts", project: "firstlight", stack: "dev",
            stateFile: path.join(folder, "state.json"), passphrase: "correct horse",
            config: {
                "aws:region": cloud.region, "firstlight:data": '{"label":"churned"}', "firstlight:training": '{"private":true}',
                "firstlight:network": JSON.stringify(settings),
            },
            environment: { PATH: process.env["PATH"], HOME: folder, NODE_COMPILE_CACHE: path.join(PROJECT, ".firstlight", "compile-cache") },
        });
    }

    async function countByType(engine: EmbeddedEngine): Promise<Record<string, number>> {
        const counts: Record<string, number> = {};
        for (const { type } of await engine.resources()) {
            const kind = /^aws:(?:ec2|vpc)\/.*:(\w+)$/.exec(type)?.[1];
            if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
        }
        return counts;
    }

    it("has no way to the internet without NAT; a second up changes nothing, and a destroy leaves nothing", async () => {
        const engine = createEngine({ nat: "none", zones: 2 });
        await engine.up();
        expect(await countByType(engine)).to.deep.equal({
            Vpc: 1, InternetGateway: 1, Subnet: 6, RouteTable: 6, RouteTableAssociation: 6, Route: 2, VpcEndpoint: 8, SecurityGroup: 2,
            SecurityGroupIngressRule: 1, SecurityGroupEgressRule: 3, FlowLog: 1,
        });
        const { vpcId, isolatedSubnetIds } = await engine.outputs();
        const resources = await engine.resources();
        const component = resources.find(({ type }) => type === "awsx:ec2:Vpc");
        const vpc = resources.find(({ type }) => type === "aws:ec2/vpc:Vpc");
        expect(vpc?.urn).to.match(/::firstlight:networking:Networking\$awsx:ec2:Vpc\$aws:ec2\/vpc:Vpc::network$/);
        expect(vpc?.parent).to.equal(component?.urn);
        expect(vpc?.outputs["enableDnsHostnames"]).to.equal(true);
        const isolated = resources.filter(({ type, name }) => type === "aws:ec2/subnet:Subnet" && name.includes("isolated"));
        expect(isolated.map(({ outputs }) => [outputs["cidrBlock"], outputs["vpcId"]])).to.have.deep.members([["10.20.96.0/19", vpcId], ["10.20.224.0/19", vpcId]]);
        expect(isolatedSubnetIds).to.have.members(isolated.map(({ id }) => id));
        const { counts } = await engine.up();
        expect(Object.keys(counts)).to.deep.equal(["same"]);
        await engine.destroy();
        expect((await cloud.cloud.inventory()).filter((found) => found.startsWith("ec2:") || found.includes("log-group") || found.includes("role/"))).to.deep.equal([]);
    });

    it("gets a gateway, a route through it and a rule when NAT is switched on", async () => {
        await createEngine({ nat: "none", zones: 2 }).up();
        const engine = createEngine({ nat: "single", zones: 2 });
        const { counts } = await engine.up();
        expect(counts).to.include({ create: 5 });
        expect(counts).not.to.have.any.keys("replace", "delete");
        expect(await countByType(engine)).to.include({ Eip: 1, NatGateway: 1, Route: 4, SecurityGroupEgressRule: 4 });
        await createEngine({ nat: "single", zones: 2 }).destroy();
        expect((await cloud.cloud.inventory()).filter((found) => found.startsWith("ec2:"))).to.deep.equal([]);
    });

    it("is planned without a call, with the same resources", async () => {
        const provider = createPlanningProvider({ region: cloud.region, accountId: cloud.accountId });
        const { resources } = await createEngine({ nat: "one-per-zone", zones: 3 }, provider).plan();
        const kinds = resources.map(({ type }) => type);
        expect(kinds.filter((type) => type === "aws:ec2/natGateway:NatGateway")).to.have.lengthOf(3);
        expect(kinds.filter((type) => type === "aws:ec2/subnet:Subnet")).to.have.lengthOf(9);
        expect((await cloud.cloud.inventory()).filter((found) => found.startsWith("ec2:"))).to.deep.equal([]);
    });
});
