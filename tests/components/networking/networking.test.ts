import { expect } from "chai";
import { Networking } from "../../../components/networking/networking.ts";
import { runProgram } from "../../support/mocks.ts";
import { TEST_TAGS, testConfig, testContext, testLocation } from "../../support/programContexts.ts";

interface Request { readonly network?: object; readonly training?: object; readonly region?: string }

async function createNetworking({ network = {}, training = { private: true }, region = "eu-central-1" }: Request = {}) {
    const context = testContext({ location: testLocation(region) });
    return runProgram(() => {
        const { vpcId, isolatedSubnetIds, computeSecurityGroupId, unreachableServices } = new Networking("network", {
            context, config: testConfig({ network, training }), kmsKeyArn: "arn:lambda-key",
        });
        return { vpcId, isolatedSubnetIds, computeSecurityGroupId, unreachableServices };
    }, { region });
}

interface PolicyStatement { readonly Sid: string; readonly Action: readonly string[]; readonly Resource: readonly string[]; readonly Condition?: object }

function statementsOf(policy: string): readonly PolicyStatement[] {
    return (JSON.parse(policy) as { Statement: readonly PolicyStatement[] }).Statement;
}

const FREE_TABLES = [1, 2].flatMap((zone) => ["private", "isolated"].map((kind) => `table-of-network-${kind}-${zone}`));

describe("Networking", () => {
    it("asks for a VPC whose ranges it has computed, with names in its DNS, and no NAT in dev", async () => {
        const { resources } = await createNetworking();
        const [vpc] = resources.ofType("awsx:ec2:Vpc");
        expect(vpc?.parent).to.equal("network");
        expect(vpc?.inputs).to.deep.equal({
            cidrBlock: "10.20.0.0/16", numberOfAvailabilityZones: 2, enableDnsHostnames: true, enableDnsSupport: true, subnetStrategy: "Exact",
            subnetSpecs: [
                { type: "Private", cidrBlocks: ["10.20.0.0/18", "10.20.128.0/18"] },
                { type: "Public", cidrBlocks: ["10.20.64.0/19", "10.20.192.0/19"] },
                { type: "Isolated", cidrBlocks: ["10.20.96.0/19", "10.20.224.0/19"] },
            ],
            natGateways: { strategy: "None" }, tags: { ...TEST_TAGS, Name: "firstlight-dev" },
        });
    });

    it("puts the free endpoints of S3 and DynamoDB on all private and isolated tables, and on no public one", async () => {
        const { resources } = await createNetworking();
        for (const service of ["s3", "dynamodb"]) {
            const { inputs } = resources.named(`${service}-endpoint`);
            expect(inputs).to.include({ vpcEndpointType: "Gateway", serviceName: `com.amazonaws.eu-central-1.${service}`, vpcId: "id-of-network" });
            expect(inputs["routeTableIds"]).to.deep.equal(FREE_TABLES);
        }
    });

    it("lets the stack's own buckets and image layers through S3's endpoint, and only our account's callers", async () => {
        const { resources } = await createNetworking();
        const [buckets, layers] = statementsOf(resources.named("s3-endpoint").inputs["policy"]);
        expect(buckets?.Resource).to.deep.equal(["arn:aws:s3:::firstlight-dev-*", "arn:aws:s3:::firstlight-dev-*/*"]);
        expect(buckets?.Condition).to.deep.equal({ StringEquals: { "aws:PrincipalAccount": "123456789012", "aws:ResourceAccount": "123456789012" } });
        expect(layers).to.deep.include({ Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*"] });
        const [tables] = statementsOf(resources.named("dynamodb-endpoint").inputs["policy"]);
        expect(tables?.Resource).to.deep.equal(["arn:aws:dynamodb:eu-central-1:123456789012:table/firstlight-dev-*"]);
    });

    it("reaches what private training needs and what the configuration names through one interface in each zone", async () => {
        const { resources } = await createNetworking({ network: { interfaceEndpoints: ["secretsmanager", "logs"] } });
        const endpoints = resources.ofType("aws:ec2/vpcEndpoint:VpcEndpoint").filter(({ inputs }) => inputs["vpcEndpointType"] === "Interface");
        expect(endpoints.map(({ inputs }) => String(inputs["serviceName"]).replace("com.amazonaws.eu-central-1.", "")))
            .to.deep.equal(["ecr.api", "ecr.dkr", "kms", "logs", "sagemaker.api", "secretsmanager", "sts"]);
        for (const { inputs } of endpoints) {
            expect(inputs).to.deep.include({
                privateDnsEnabled: true, securityGroupIds: ["id-of-endpoints-security-group"],
                subnetIds: ["id-of-network-isolated-1", "id-of-network-isolated-2"],
            });
            expect(statementsOf(inputs["policy"])[0]?.Condition).to.deep.equal({ StringEquals: { "aws:PrincipalAccount": "123456789012" } });
        }
        for (const { inputs } of endpoints) expect(inputs["tags"]).to.include(TEST_TAGS);
    });

    it("lets the compute group call the endpoints and the two services by HTTPS, and nobody call the compute group", async () => {
        const { resources } = await createNetworking();
        const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443, securityGroupId: "id-of-compute-security-group" };
        const egress = resources.ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
        expect(egress.map(({ name }) => name)).to.have.members(["compute-to-s3", "compute-to-dynamodb", "compute-to-endpoints"]);
        for (const { inputs } of egress) expect(inputs).to.include(https);
        expect(resources.named("compute-to-s3").inputs).to.include({ prefixListId: "pl-of-s3-endpoint" });
        expect(resources.named("compute-to-endpoints").inputs).to.include({ referencedSecurityGroupId: "id-of-endpoints-security-group" });
        const ingress = resources.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
        expect(ingress.map(({ inputs }) => [inputs["securityGroupId"], inputs["referencedSecurityGroupId"]]))
            .to.deep.equal([["id-of-endpoints-security-group", "id-of-compute-security-group"]]);
    });

    it("lets the compute group call the internet only where a NAT gateway leads there", async () => {
        const { resources } = await createNetworking({ network: { nat: "one-per-zone", zones: 3 } });
        expect(resources.ofType("awsx:ec2:Vpc")[0]?.inputs).to.deep.include({ natGateways: { strategy: "OnePerAz" }, numberOfAvailabilityZones: 3 });
        expect(resources.named("compute-to-internet").inputs).to.include({ cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443 });
    });

    it("makes no group for interface endpoints when there are none", async () => {
        const { resources } = await createNetworking({ network: { vpc: "on" }, training: {} });
        expect(resources.has("endpoints-security-group")).to.equal(false);
        expect(resources.ofType("aws:ec2/vpcEndpoint:VpcEndpoint")).to.have.lengthOf(2);
    });

    it("logs all traffic into an encrypted group with retention, by a role for flow logs of this account alone", async () => {
        const { resources } = await createNetworking();
        expect(resources.named("flow-logs-group").inputs).to.include({
            name: "/aws/vendedlogs/vpc/firstlight-dev-flow-logs", retentionInDays: 14, kmsKeyId: "arn:lambda-key",
        });
        expect(resources.named("flow-logs-log").inputs).to.include({
            trafficType: "ALL", logDestinationType: "cloud-watch-logs", vpcId: "id-of-network",
            logDestination: "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpc/firstlight-dev-flow-logs",
            iamRoleArn: "arn:aws:iam::123456789012:role/firstlight-dev-flow-logs-eu-central-1",
        });
        expect(resources.named("flow-logs-log").explicitDependencies).to.include("flow-logs-policy");
        const [trust] = statementsOf(resources.named("flow-logs-role").inputs["assumeRolePolicy"]);
        expect(trust).to.deep.include({
            Principal: { Service: ["vpc-flow-logs.amazonaws.com"] },
            Condition: {
                StringEquals: { "aws:SourceAccount": "123456789012" },
                ArnLike: { "aws:SourceArn": "arn:aws:ec2:eu-central-1:123456789012:vpc-flow-log/*" },
            },
        });
    });

    it("lets flow logs write into their own group, and look for it among all", async () => {
        const { resources } = await createNetworking();
        const group = "arn:aws:logs:eu-central-1:123456789012:log-group";
        expect(statementsOf(resources.named("flow-logs-policy").inputs["policy"]).map(({ Action, Resource }) => [Action, Resource])).to.deep.equal([
            [["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"], [`${group}:/aws/vendedlogs/vpc/firstlight-dev-flow-logs:*`]],
            [["logs:DescribeLogGroups"], [`${group}:*`]],
        ]);
    });

    it("gives what private jobs need to know", async () => {
        const { outputs } = await createNetworking();
        expect(outputs.isolatedSubnetIds).to.deep.equal(["id-of-network-isolated-1", "id-of-network-isolated-2"]);
        expect(outputs.computeSecurityGroupId).to.equal("id-of-compute-security-group");
        expect(outputs.unreachableServices).to.include("Amazon SQS").and.not.include("AWS KMS");
    });

    it("names the endpoints of China as they are called there", async () => {
        const { resources } = await createNetworking({ region: "cn-north-1" });
        expect(resources.named("sts-endpoint").inputs["serviceName"]).to.equal("cn.com.amazonaws.cn-north-1.sts");
        expect(resources.named("logs-endpoint").inputs["serviceName"]).to.equal("com.amazonaws.cn-north-1.logs");
        expect(statementsOf(resources.named("s3-endpoint").inputs["policy"])[0]?.Resource[0]).to.match(/^arn:aws-cn:s3:::/);
    });
});
