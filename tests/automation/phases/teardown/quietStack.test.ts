import { expect } from "chai";
import type { StackResource } from "../../../../automation/engine/engine.ts";
import { quietStack } from "../../../../automation/phases/teardown/quietStack.ts";
import { createNaming } from "../../../../components/naming.ts";
import { answersOfEmptyAccount, createFakeAccountClients } from "../../../support/emptyAccount.ts";
import { testConfig } from "../../../support/programContexts.ts";
import { awsError, createPhaseWorld } from "../../../support/phaseWorld.ts";
import type { Answers, SentCommand } from "../../../support/phaseWorld.ts";

const ACCOUNT = "111122223333";
const VPC: StackResource = { urn: "v", type: "aws:ec2/vpc:Vpc", name: "network", custom: true, id: "vpc-1", dependencies: [], inputs: {}, outputs: {} };

async function quiet(given: Answers, resources: readonly StackResource[]): Promise<{ readonly sent: readonly SentCommand[]; readonly notes: readonly string[] }> {
    const config = testConfig();
    const { context, sent, notes } = createPhaseWorld(answersOfEmptyAccount({
        DescribeEndpointCommand: () => { throw awsError("ValidationException", 'Could not find endpoint "arn".'); }, ...given,
    }), { config });
    const account = {
        clients: createFakeAccountClients(context.aws, ACCOUNT), owner: { project: config.project, environment: config.environment },
        naming: createNaming(config, { accountId: ACCOUNT, region: context.aws.target.region }), close: () => undefined,
    };
    await quietStack(context, account, resources);
    return { sent, notes: notes() };
}

/** A network interface of EC2 that goes through these states, and is gone after them. */
function interfacePassing(states: readonly string[]): Answers {
    let looks = 0;
    const lying = { NetworkInterfaceId: "eni-job", InterfaceType: "interface", Description: "of a training job" };
    const kept = { NetworkInterfaceId: "eni-nat", InterfaceType: "nat_gateway" };
    return {
        DescribeNetworkInterfacesCommand: ({ NetworkInterfaceIds }: { NetworkInterfaceIds?: readonly string[] }) => {
            if (NetworkInterfaceIds === undefined) return { NetworkInterfaces: [lying, kept] };
            const Status = states[looks++];
            if (Status === undefined) throw awsError("InvalidNetworkInterfaceID.NotFound");
            return { NetworkInterfaces: [{ ...lying, Status }] };
        },
        DeleteNetworkInterfaceCommand: () => ({}),
    };
}

describe("a stack that is about to be destroyed", () => {
    it("has the network interfaces of its jobs waited for while a service holds them, and deleted when it lets go", async () => {
        const { sent, notes } = await quiet(interfacePassing(["in-use", "in-use", "available"]), [VPC]);
        const looked = sent.filter(({ name, input }) => name === "DescribeNetworkInterfacesCommand" && input["NetworkInterfaceIds"] !== undefined);
        expect(looked).to.have.length(4);
        expect(sent.filter(({ name }) => name === "DeleteNetworkInterfaceCommand").map(({ input }) => input)).to.deep.equal([{ NetworkInterfaceId: "eni-job" }]);
        expect(sent.find(({ input }) => input["Filters"] !== undefined)?.input["Filters"]).to.deep.equal([{ Name: "vpc-id", Values: ["vpc-1"] }]);
        expect(notes.join()).to.contain("eni-job of a training job");
    });

    it("has no interface looked for where it has no network", async () => {
        const { sent } = await quiet(interfacePassing(["in-use"]), []);
        expect(sent.filter(({ name }) => name.includes("NetworkInterface"))).to.deep.equal([]);
        expect(sent.length).to.be.above(2);
    });

    it("has an endpoint that is being changed waited for: it could not be deleted", async () => {
        const statuses = ["Updating", "RollingBack", "InService"];
        const { sent } = await quiet({
            DescribeEndpointCommand: ({ EndpointName }: { EndpointName: string }) => {
                if (!EndpointName.endsWith("challenger")) throw awsError("ValidationException", 'Could not find endpoint "arn".');
                return { EndpointStatus: statuses.shift() ?? "InService", EndpointArn: "arn:endpoint" };
            },
        }, []);
        expect(statuses).to.deep.equal([]);
        expect(sent.filter(({ name }) => name === "DeleteEndpointCommand")).to.deep.equal([]);
    });
});
