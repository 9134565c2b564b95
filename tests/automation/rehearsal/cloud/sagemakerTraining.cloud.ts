import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { CreateTrainingJobCommand, DescribeTrainingJobCommand, ListTagsCommand, StopTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { BUCKET, channel, csvLines, poll, refusal, SageMakerWorld } from "./sagemakerWorld.ts";
import type { Refusal } from "./sagemakerWorld.ts";

describe("SageMaker stand-in: training jobs", () => {
    let world: SageMakerWorld;

    before(async () => {
        world = await SageMakerWorld.open();
        await world.put("data/train/train.csv", csvLines(400));
        await world.put("data/validation/validation.csv", csvLines(100));
    });
    after(() => world.close());

    const refuse = (name: string, overrides: Parameters<SageMakerWorld["trainingRequest"]>[1]): Promise<Refusal | undefined> =>
        refusal(world.sagemaker.send(new CreateTrainingJobCommand(world.trainingRequest(name, overrides))));

    it("trains with XGBoost, reports validation metrics and writes the artifact below the output path", async () => {
        const job = await world.train("Train-1", { Tags: [{ Key: "team", Value: "blue" }] });
        expect(job.FailureReason).to.equal(undefined);
        expect(job.TrainingJobStatus).to.equal("Completed");
        expect(job.ModelArtifacts?.S3ModelArtifacts).to.equal(`s3://${BUCKET}/models/Train-1/output/model.tar.gz`);
        expect(job.SecondaryStatusTransitions?.map((step) => step.Status)).to.deep.equal(["Starting", "Downloading", "Training", "Uploading", "Completed"]);
        const metrics = job.FinalMetricDataList ?? [];
        expect(metrics.map((metric) => metric.MetricName)).to.deep.equal(["validation:auc"]);
        expect(metrics[0]?.Value).to.be.within(0.9, 1);
        expect(job.TrainingJobArn).to.match(/:training-job\/train-1$/);
        const tags = await world.sagemaker.send(new ListTagsCommand({ ResourceArn: job.TrainingJobArn }));
        expect(tags.Tags).to.deep.equal([{ Key: "team", Value: "blue" }]);
    });

    it("encrypts the artifact with the key of the job", async () => {
        const kms = new KMSClient(world.cloud.target);
        const key = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
        kms.destroy();
        await world.setPermissions("execution", ["s3:*", "kms:*"]);
        const job = await world.train("encrypted", { OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/models/`, KmsKeyId: key } });
        expect(job.FailureReason).to.equal(undefined);
        const head = await world.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "models/encrypted/output/model.tar.gz" }));
        expect([head.ServerSideEncryption, head.SSEKMSKeyId]).to.deep.equal(["aws:kms", key]);
    });

    it("keeps the container's output in the job's log group when the role may write it", async () => {
        await world.setPermissions("execution", ["s3:*", "kms:*", "logs:*"]);
        await world.train("logged");
        const logs = new CloudWatchLogsClient(world.cloud.target);
        const events = await poll(
            () => logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/sagemaker/TrainingJobs", logStreamNamePrefix: "logged/" })).catch(() => undefined),
            (answer) => (answer?.events?.length ?? 0) > 0,
        );
        logs.destroy();
        expect(events?.events?.map((event) => event.message)).to.include("Train matrix has 400 rows and 3 columns");
    });

    it("has no metric without a validation channel", async () => {
        const job = await world.train("no-validation", { InputDataConfig: [channel("train")] });
        expect(job.TrainingJobStatus).to.equal("Completed");
        expect(job.FinalMetricDataList ?? []).to.deep.equal([]);
    });

    it("never gives a job name free again, also in another case", async () => {
        await world.train("used-once");
        const answer = await refuse("USED-once", {});
        expect(answer?.name).to.equal("ResourceInUse");
        expect(answer?.message).to.match(/^Training job names must be unique within an AWS account and region, and a training job with this name already exists \(arn:/);
    });

    it("refuses names and numbers as the API does", async () => {
        expect((await refuse("bad_name", {}))?.message).to.contain("Member must satisfy regular expression pattern");
        expect((await refuse("x".repeat(64), {}))?.message).to.contain("Member must have length less than or equal to 63");
        const number = await refuse("number", { HyperParameters: { num_round: 5 as unknown as string } });
        expect(number).to.deep.include({ name: "SerializationException" });
        expect(number?.message).to.contain("NUMBER_VALUE can not be converted to a String");
    });

    it("refuses the registry of another region, unknown tags, and by name what it cannot run", async () => {
        const image = (uri: string) => ({ AlgorithmSpecification: { TrainingImage: uri, TrainingInputMode: "File" as const } });
        const host = "141502667606.dkr.ecr.eu-west-1.amazonaws.com";
        expect((await refuse("i1", image("683313688378.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-5")))?.message).to.contain("Cannot find Image in Registry ID: 683313688378");
        expect((await refuse("i2", image(`${host}/sagemaker-xgboost:9.9-9`)))?.message).to.contain("not found");
        expect((await refuse("i3", image(`${host}/sagemaker-xgboost:1.7-1`)))?.message).to.contain("1.7-1 of sagemaker-xgboost (only 3.0-5 is installed here) is not runnable in the rehearsal");
    });

    it("asks for a waiting time that covers the runtime when spot is on", async () => {
        const answer = await refuse("spot", { EnableManagedSpotTraining: true, StoppingCondition: { MaxRuntimeInSeconds: 600, MaxWaitTimeInSeconds: 60 } });
        expect(answer?.message).to.contain("Invalid MaxWaitTimeInSeconds");
        const job = await world.train("spot-ok", { EnableManagedSpotTraining: true, StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 60 } });
        expect(job.TrainingJobStatus).to.equal("Completed");
    });

    it("refuses an instance type whose quota is used up", async () => {
        await world.setSettings({ trainingInstances: { "ml.m5.large": 0 } });
        const answer = await refuse("quota", {});
        await world.setSettings({});
        expect(answer?.name).to.equal("ResourceLimitExceeded");
        expect(answer?.message).to.match(/^The account-level service limit 'ml.m5.large for training job usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances\./);
    });

    it("fails on a channel without content type, because that means LIBSVM", async () => {
        const job = await world.train("no-type", { InputDataConfig: [{ ...channel("train"), ContentType: undefined }] });
        expect(job.TrainingJobStatus).to.equal("Failed");
        expect(job.FailureReason).to.match(/^AlgorithmError: framework error:[^]*'LIBSVM' format[^]*exit code: 1$/);
    });

    const wrong: ReadonlyArray<readonly [string, Record<string, string>, string]> = [
        ["a missing num_round", { objective: "binary:logistic" }, "Missing required hyperparameter: num_round"],
        ["an unknown name", { num_round: "5", etta: "0.1" }, "Extraneous hyperparameter found: etta"],
        ["a value out of range", { num_round: "5", eta: "1.5" }, "Hyperparameter eta: value 1.5 not in range [0, 1]"],
        ["a value that is no number", { num_round: "five" }, "Hyperparameter num_round: could not parse value"],
        ["several classes without num_class", { num_round: "5", objective: "multi:softprob" }, "Require input for parameter 'num_class'"],
        ["auc on a regression", { num_round: "5", objective: "reg:squarederror", eval_metric: "auc" }, "Metric 'auc' can only be applied for classification and ranking"],
    ];
    for (const [index, [what, hyperparameters, reason]] of wrong.entries()) {
        it(`fails on ${what} with the container's sentence`, async () => {
            const job = await world.train(`wrong-${index}`, { HyperParameters: hyperparameters });
            expect(job.TrainingJobStatus).to.equal("Failed");
            expect(job.FailureReason).to.contain(reason);
        });
    }

    it("stops early on the last metric of the validation channel", async () => {
        const hyperparameters = { num_round: "400", objective: "binary:logistic", eval_metric: "logloss", eta: "1", early_stopping_rounds: "2" };
        await world.put("data/noise/noise.csv", csvLines(60).replace(/^(\d)/gm, (label, _digit, offset: number) => String((Number(label) + offset) % 2)));
        const noise = { ...channel("validation"), DataSource: channel("noise").DataSource };
        const stopped = await world.train("early", { HyperParameters: hyperparameters, InputDataConfig: [channel("train"), noise] });
        const { early_stopping_rounds: _rounds, ...all } = hyperparameters;
        const full = await world.train("late", { HyperParameters: all, InputDataConfig: [channel("train"), noise] });
        expect(stopped.TrainingJobStatus).to.equal("Completed");
        expect(stopped.FinalMetricDataList?.[0]?.Value).to.be.lessThan(full.FinalMetricDataList?.[0]?.Value ?? 0);
    });

    it("fails when the job's role may list but not read, and is refused when it may not list", async () => {
        const role = await world.createRole("lister", ["s3:ListBucket", "s3:PutObject"]);
        const job = await world.train("denied", { RoleArn: role });
        expect(job.TrainingJobStatus).to.equal("Failed");
        expect(job.FailureReason).to.match(/^ClientError: Data download failed:AccessDenied \(403\).*Please ensure that the role "arn:.*role\/lister" has s3:GetObject/);
        await world.setPermissions("lister", ["s3:GetObject", "s3:PutObject"]);
        expect((await refuse("unlisted", { RoleArn: role }))?.message).to.contain('has "s3:ListBucket" permissions');
    });

    it("fails when the job's role may not write the artifact", async () => {
        const role = await world.createRole("reader", ["s3:ListBucket", "s3:GetObject"]);
        const job = await world.train("unwritable", { RoleArn: role });
        expect(job.FailureReason).to.match(/^ClientError: Artifact upload failed:AccessDenied \(403\)/);
    });

    it("refuses a role that does not trust SageMaker, and one that does not exist", async () => {
        const role = await world.createRole("untrusting", ["s3:*"], "ec2.amazonaws.com");
        for (const arn of [role, world.roleArn("nobody")]) {
            expect((await refuse("untrusted", { RoleArn: arn }))?.message).to.contain(`Could not assume role ${arn}`);
        }
    });

    it("stops a running job", async () => {
        const long = { num_round: "200000", objective: "binary:logistic" };
        await world.sagemaker.send(new CreateTrainingJobCommand(world.trainingRequest("long", { HyperParameters: long })));
        const describe_ = () => world.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: "long" }));
        await poll(describe_, (job) => job.SecondaryStatus === "Training");
        await world.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: "long" }));
        const job = await poll(describe_, (each) => each.TrainingJobStatus !== "InProgress" && each.TrainingJobStatus !== "Stopping");
        expect(job.TrainingJobStatus).to.equal("Stopped");
        const again = await refusal(world.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: "long" })));
        expect(again?.name).to.equal("ValidationException");
    });
});
