import { CreateTransformJobCommand, DescribeTransformJobCommand } from "@aws-sdk/client-sagemaker";
import type { CreateTransformJobCommandInput, DescribeTransformJobCommandOutput } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { BUCKET, channel, csvLines, poll, refusal, SageMakerWorld } from "./sagemakerWorld.ts";

describe("SageMaker stand-in: transform jobs", () => {
    let world: SageMakerWorld;

    before(async () => {
        world = await SageMakerWorld.open();
        await world.put("data/train/train.csv", csvLines(300));
        await world.put("data/three/train.csv", csvLines(300, 3));
        await world.put("data/test/test.csv", csvLines(20));
        const binary = await world.train("binary", { InputDataConfig: [channel("train")] });
        const three = await world.train("three", {
            HyperParameters: { num_round: "5", objective: "multi:softprob", num_class: "3" },
            InputDataConfig: [{ ...channel("train"), DataSource: channel("three").DataSource }],
        });
        await world.createModel("binary", binary.ModelArtifacts?.S3ModelArtifacts ?? "");
        await world.createModel("three", three.ModelArtifacts?.S3ModelArtifacts ?? "");
    });
    after(() => world.close());

    function request(name: string, processing: CreateTransformJobCommandInput["DataProcessing"], model = "binary"): CreateTransformJobCommandInput {
        return {
            TransformJobName: name,
            ModelName: model,
            TransformInput: { DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `s3://${BUCKET}/data/test/` } }, ContentType: "text/csv", SplitType: "Line" },
            TransformOutput: { S3OutputPath: `s3://${BUCKET}/out/${name}`, AssembleWith: "Line" },
            TransformResources: { InstanceType: "ml.m5.large", InstanceCount: 1 },
            ...(processing === undefined ? {} : { DataProcessing: processing }),
        };
    }

    async function run(input: CreateTransformJobCommandInput): Promise<DescribeTransformJobCommandOutput> {
        await world.sagemaker.send(new CreateTransformJobCommand(input));
        return poll(
            () => world.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: input.TransformJobName })),
            (job) => job.TransformJobStatus !== "InProgress",
        );
    }

    it("joins label and prediction of every record", async () => {
        const job = await run(request("joined", { InputFilter: "$[1:]", JoinSource: "Input", OutputFilter: "$[0,-1]" }));
        expect(job.FailureReason).to.equal(undefined);
        expect(job.TransformJobStatus).to.equal("Completed");
        const lines = (await world.read("out/joined/test.csv.out")).trim().split("\n");
        const labels = csvLines(20).trim().split("\n").map((line) => line.split(",")[0]);
        expect(lines.map((line) => line.split(",")[0])).to.deep.equal(labels);
        for (const line of lines) expect(line).to.match(/^[01],0\.\d+$/);
    });

    it("gives one bracketed row per record for several classes", async () => {
        await run(request("classes", { InputFilter: "$[1:]", JoinSource: "Input", OutputFilter: "$[0,-3,-2,-1]" }, "three"));
        const lines = (await world.read("out/classes/test.csv.out")).trim().split("\n");
        expect(lines).to.have.length(20);
        for (const line of lines) {
            expect(line).to.match(/^[01],\[[\d.e-]+, [\d.e-]+, [\d.e-]+\]$/);
            const shares = line.slice(3, -1).split(",").map(Number);
            expect(shares.reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 1e-5);
        }
    });

    it("fails without an input filter, because the label is one column too many", async () => {
        const job = await run(request("label-kept", undefined));
        expect(job.TransformJobStatus).to.equal("Failed");
        expect(job.FailureReason).to.match(/^ClientError: data\/test\/test\.csv: Bad HTTP status received from algorithm: 400/);
    });

    it("reads and writes with the model's role", async () => {
        await world.setPermissions("execution", ["s3:ListBucket", "s3:GetObject"]);
        const unwritable = await run(request("unwritable", { InputFilter: "$[1:]" }));
        await world.setPermissions("execution", ["s3:*"]);
        expect(unwritable.FailureReason).to.match(/^ClientError: Data upload failed:AccessDenied \(403\).*role\/execution/);
        expect((await run(request("writable", { InputFilter: "$[1:]" }))).TransformJobStatus).to.equal("Completed");
    });

    it("never gives a name free again, and refuses what it cannot do before it starts", async () => {
        const create = (input: CreateTransformJobCommandInput) => refusal(world.sagemaker.send(new CreateTransformJobCommand(input)));
        await run(request("once", { InputFilter: "$[1:]" }));
        expect((await create(request("once", { InputFilter: "$[1:]" })))?.name).to.equal("ResourceInUse");
        expect((await create(request("path", { InputFilter: "$.features" })))?.message).to.contain("InputFilter '$.features'");
        expect((await create(request("nobody", undefined, "nobody")))?.message).to.match(/^Could not find model/);
        const loose = request("loose", { JoinSource: "Input" });
        expect((await create({ ...loose, TransformOutput: { S3OutputPath: `s3://${BUCKET}/out` } }))?.message).to.contain("JoinSource Input needs");
    });
});
