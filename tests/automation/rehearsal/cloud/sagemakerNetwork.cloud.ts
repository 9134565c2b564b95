import {
    AssociateRouteTableCommand, CreateRouteTableCommand, CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand, CreateVpcEndpointCommand,
    EC2Client,
} from "@aws-sdk/client-ec2";
import { CreateEndpointConfigCommand, CreateModelCommand, CreateTrainingJobCommand, CreateTransformJobCommand, DescribeTransformJobCommand } from "@aws-sdk/client-sagemaker";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { expect } from "chai";
import { archive, csvLines, fixture, IMAGE, poll, refusal, SageMakerWorld } from "./sagemakerWorld.ts";

const NETWORK = ["ec2:*"];

describe("SageMaker stand-in: what a job needs beside its data", () => {
    let world: SageMakerWorld;
    let vpc: { Subnets: string[]; SecurityGroupIds: string[] };
    let foreignGroup: string;
    let openS3: () => Promise<void>;

    before(async () => {
        world = await SageMakerWorld.open();
        for (const name of ["train", "validation"]) await world.put(`data/${name}/data.csv`, csvLines(100));
        const ec2 = new EC2Client(world.cloud.target);
        const makeVpc = async (CidrBlock: string) => (await ec2.send(new CreateVpcCommand({ CidrBlock }))).Vpc!.VpcId!;
        const makeGroup = async (VpcId: string) => (await ec2.send(new CreateSecurityGroupCommand({ GroupName: `jobs-${VpcId}`, Description: "jobs", VpcId }))).GroupId!;
        const VpcId = await makeVpc("10.0.0.0/16");
        const subnet = (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.1.0/24" }))).Subnet!.SubnetId!;
        const table = (await ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable!.RouteTableId!;
        await ec2.send(new AssociateRouteTableCommand({ RouteTableId: table, SubnetId: subnet }));
        vpc = { Subnets: [subnet], SecurityGroupIds: [await makeGroup(VpcId)] };
        foreignGroup = await makeGroup(await makeVpc("10.1.0.0/16"));
        openS3 = async () => {
            const ServiceName = `com.amazonaws.${world.cloud.target.region}.s3`;
            await ec2.send(new CreateVpcEndpointCommand({ VpcId, ServiceName, VpcEndpointType: "Gateway", RouteTableIds: [table] }));
        };
        await world.setPermissions("execution", ["s3:*", "logs:*", ...NETWORK]);
    });
    after(() => world.close());

    const create = (name: string, VpcConfig: typeof vpc) =>
        refusal(world.sagemaker.send(new CreateTrainingJobCommand(world.trainingRequest(name, { VpcConfig }))));

    it("exists, in one network", async () => {
        expect((await create("no-subnet", { ...vpc, Subnets: ["subnet-00000000"] }))?.message).to.contain("The subnet ID 'subnet-00000000' does not exist");
        expect((await create("no-group", { ...vpc, SecurityGroupIds: ["sg-00000000"] }))?.message).to.contain("The security group 'sg-00000000' does not exist");
        expect((await create("two", { ...vpc, SecurityGroupIds: [foreignGroup] }))?.message).to.contain("belong to different networks");
    });

    it("is permitted to the job's role, action by action", async () => {
        const actions = ["CreateNetworkInterface", "CreateNetworkInterfacePermission", "DeleteNetworkInterface", "DeleteNetworkInterfacePermission",
            "DescribeNetworkInterfaces", "DescribeVpcs", "DescribeDhcpOptions", "DescribeSubnets", "DescribeSecurityGroups"].map((name) => `ec2:${name}`);
        for (const missing of actions) {
            await world.setPermissions("execution", ["s3:*", ...actions.filter((action) => action !== missing)]);
            expect((await create("denied", vpc))?.message, missing).to.contain(`is not authorized to perform: ${missing} on resource`);
        }
        await world.setPermissions("execution", ["s3:*", "logs:*", ...NETWORK]);
    });

    it("reaches S3 from its subnets, or cannot download its data", async () => {
        const cut = await world.train("cut-off", { VpcConfig: vpc });
        expect(cut.TrainingJobStatus).to.equal("Failed");
        expect(cut.FailureReason).to.match(/^ClientError: Data download failed:Please ensure that the subnet's route table has a route to an S3 VPC endpoint or a NAT device/);
        await world.createModel("plain", await world.put("plain.tar.gz", archive({ "xgboost-model": await fixture("3.0.5/xgboost-model") })));
        const model = { Image: IMAGE, ModelDataUrl: "s3://sagemaker-tests/plain.tar.gz" };
        await world.sagemaker.send(new CreateModelCommand({ ModelName: "private", ExecutionRoleArn: world.roleArn("execution"), PrimaryContainer: model, VpcConfig: vpc }));
        const transform = async (name: string) => {
            const source = { S3DataSource: { S3DataType: "S3Prefix" as const, S3Uri: await world.put("rows/rows.csv", "0.1,0.2,0.3,0.4\n") } };
            await world.sagemaker.send(new CreateTransformJobCommand({
                TransformJobName: name, ModelName: "private", TransformInput: { DataSource: source, ContentType: "text/csv", SplitType: "Line" },
                TransformOutput: { S3OutputPath: "s3://sagemaker-tests/answers" }, TransformResources: { InstanceType: "ml.m5.large", InstanceCount: 1 },
            }));
            return poll(() => world.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: name })), (job) => job.TransformJobStatus !== "InProgress");
        };
        expect((await transform("cut-off")).FailureReason).to.contain("Please ensure that an S3 VPC endpoint exists in route table or NAT gateway");
        await openS3();
        const done = await world.train("connected", { VpcConfig: vpc });
        expect(done.TrainingJobStatus, done.FailureReason).to.equal("Completed");
        expect(done.VpcConfig).to.deep.equal(vpc);
        expect((await transform("connected")).TransformJobStatus).to.equal("Completed");
    });

    it("is not to be had for serverless endpoints", async () => {
        const variant = { VariantName: "main", ModelName: "private", ServerlessConfig: { MemorySizeInMB: 1024 as const, MaxConcurrency: 1 } };
        const refused = await refusal(world.sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: "private", ProductionVariants: [variant] })));
        expect(refused?.message).to.contain("VpcConfig").and.to.contain("serverless");
    });

    it("is an image that its role may pull, for jobs and for endpoints", async () => {
        const pull = ["GetAuthorizationToken", "BatchCheckLayerAvailability", "GetDownloadUrlForLayer", "BatchGetImage"].map((name) => `ecr:${name}`);
        for (const missing of pull) {
            await world.setPermissions("execution", ["s3:*"], pull.filter((action) => action !== missing));
            const job = await world.train(`without-${missing.slice(4)}`);
            expect(job.FailureReason, missing).to.contain("Cannot pull algorithm container. Either the image does not exist or its permissions are incorrect.");
        }
        await world.createConfig("plain", "plain");
        const endpoint = await world.deploy("unpulled", archive({ "xgboost-model": await fixture("3.0.5/xgboost-model") }));
        expect(endpoint.EndpointStatus).to.equal("Failed");
        expect(endpoint.FailureReason).to.equal(`The role '${world.roleArn("execution")}' does not have BatchGetImage permission for the image: '${IMAGE}'.`);
        await world.setPermissions("execution", ["s3:*"]);
    });

    it("is a grant on the key of its disk", async () => {
        const { KeyMetadata } = await new KMSClient(world.cloud.target).send(new CreateKeyCommand({}));
        const ResourceConfig = { InstanceType: "ml.m5.large" as const, InstanceCount: 1, VolumeSizeInGB: 5, VolumeKmsKeyId: KeyMetadata!.Arn! };
        const denied = await world.train("no-grant", { ResourceConfig });
        expect(denied.FailureReason).to.contain("is not authorized to perform: kms:CreateGrant on resource");
        await world.setPermissions("execution", ["s3:*", "kms:CreateGrant"]);
        expect((await world.train("grant", { ResourceConfig })).TrainingJobStatus).to.equal("Completed");
    });
});
