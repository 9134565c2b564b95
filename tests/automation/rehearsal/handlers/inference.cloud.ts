import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { expect } from "chai";
import type { PropertyMap } from "../../../../automation/engine/provider.ts";
import { startHandlerCloud, type HandlerCloud } from "./handlerCloud.ts";
import { begin, type Life } from "./life.ts";

const BUCKET = "example-model-artifacts";
const ENDPOINT = "Example-Champion";
const TRAIN = `
import sys, tarfile, xgboost
data = xgboost.DMatrix([[0, 1], [1, 0], [0, 0], [1, 1]], label=[1, 0, 0, 1])
xgboost.train({"objective": "binary:logistic", "max_depth": 2}, data, 3).save_model(sys.argv[1] + "/xgboost-model.ubj")
with tarfile.open(sys.argv[1] + "/model.tar.gz", "w:gz") as archive:
    archive.add(sys.argv[1] + "/xgboost-model.ubj", arcname="xgboost-model")
`;

describe("inference handlers", function () {
    this.timeout(120_000);
    let cloud: HandlerCloud;
    let folder: string;
    let role: Life;
    let image: string;
    const lives: Life[] = [];

    async function start(type: string, inputs: PropertyMap): Promise<Life> {
        const life = await begin(cloud.provider, type, inputs);
        lives.push(life);
        return life;
    }

    function model(name: string, key: string): Promise<Life> {
        return start("aws:sagemaker/model:Model", {
            name, executionRoleArn: role.state.outputs["arn"]!, tags: { A: "1" },
            primaryContainer: { image, modelDataUrl: `s3://${BUCKET}/${key}`, environment: { SAGEMAKER_PROGRAM: "" } },
        });
    }

    function configuration(name: string, modelName: string, memorySizeInMb: number): Promise<Life> {
        return start("aws:sagemaker/endpointConfiguration:EndpointConfiguration", {
            name, tags: { A: "1" },
            productionVariants: [{ variantName: "champion", modelName, serverlessConfig: { memorySizeInMb, maxConcurrency: 2 } }],
        });
    }

    before(async () => {
        cloud = await startHandlerCloud();
        folder = await mkdtemp(path.join(tmpdir(), "firstlight-model-"));
        image = `492215442770.dkr.ecr.${cloud.region}.amazonaws.com/sagemaker-xgboost:3.0-5`;
        await promisify(execFile)(cloud.python, ["-c", TRAIN, folder], { env: cloud.environment });
        await start("aws:s3/bucket:Bucket", { bucket: BUCKET, forceDestroy: true });
        const s3 = new S3Client({ ...cloud.target, forcePathStyle: true });
        await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "good/model.tar.gz", Body: await readFile(path.join(folder, "model.tar.gz")) }));
        await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "bad/model.tar.gz", Body: "no archive" }));
        role = await start("aws:iam/role:Role", {
            name: "example-serving",
            assumeRolePolicy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
            }),
        });
        await start("aws:iam/rolePolicy:RolePolicy", {
            name: "artifacts", role: role.state.id,
            policy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [
                    { Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`] },
                    { Effect: "Allow", Action: "ecr:*", Resource: "*" },
                ],
            }),
        });
    });
    after(async () => {
        try {
            for (const life of lives.reverse()) await life.end();
            await rm(folder, { recursive: true });
        } finally {
            await cloud.stop();
        }
    });

    it("serves a model, changes the configuration, and is deleted without waiting", async () => {
        const good = await model("example-good", "good/model.tar.gz");
        await good.update({
            name: "example-good", executionRoleArn: role.state.outputs["arn"]!, tags: { B: "2" },
            primaryContainer: { image, modelDataUrl: `s3://${BUCKET}/good/model.tar.gz`, environment: { SAGEMAKER_PROGRAM: "" } },
        });
        const small = await configuration("example-small", good.state.id, 2048);
        const large = await configuration("example-large", good.state.id, 3072);
        const endpoint = await begin(cloud.provider, "aws:sagemaker/endpoint:Endpoint", { name: ENDPOINT, endpointConfigName: small.state.id, tags: { Project: "example" } });
        expect(endpoint.state.outputs["arn"]).to.match(/endpoint\/example-champion$/);
        await endpoint.update({ name: ENDPOINT, endpointConfigName: large.state.id, tags: { Project: "example", Environment: "dev" } });
        const answer = await new SageMakerRuntimeClient(cloud.target).send(new InvokeEndpointCommand({ EndpointName: ENDPOINT, ContentType: "text/csv", Body: "0,1" }));
        expect(Number(Buffer.from(answer.Body!).toString())).to.be.within(0, 1);

        const command: PropertyMap = {
            interpreter: ["node", "automation/guards/endpointGuard.ts", "--endpoint", ENDPOINT, "--region", cloud.region, "--tag", "Project=example"],
            create: "create", delete: "delete",
        };
        const guard = cloud.provider.resources.get("command:local:Command")!;
        const guarded = await guard.create({ urn: "urn", name: "guard", inputs: command });
        expect(guarded.outputs["stdout"]).to.match(/ours, InService/);
        await endpoint.end();
        await guard.delete({ urn: "urn", id: guarded.id, inputs: command, outputs: guarded.outputs });
        // The guard has waited: the name is free at once.
        const again = await begin(cloud.provider, "aws:sagemaker/endpoint:Endpoint", { name: ENDPOINT, endpointConfigName: small.state.id });
        await again.end();
        await guard.delete({ urn: "urn", id: guarded.id, inputs: command, outputs: guarded.outputs });
    });

    it("tells why an endpoint failed, in the provider's words", async () => {
        const bad = await model("example-bad", "bad/model.tar.gz");
        const broken = await configuration("example-broken", bad.state.id, 2048);
        const handler = cloud.provider.resources.get("aws:sagemaker/endpoint:Endpoint")!;
        const inputs = { name: "example-broken", endpointConfigName: broken.state.id, tags: { Project: "example" } };
        const failure = await handler.create({ urn: "urn", name: "broken", inputs }).then(() => "", (error: Error) => error.message);
        expect(failure).to.match(/unexpected state 'Failed', wanted target 'InService'\. last error: \S/);
        const guard = cloud.provider.resources.get("command:local:Command")!;
        const command: PropertyMap = {
            interpreter: ["node", "automation/guards/endpointGuard.ts", "--endpoint", "example-broken", "--region", cloud.region, "--tag", "Project=example"],
            create: "create",
        };
        // A failed one of ours is deleted by the guard, so that the next create finds the name free.
        const cleared = await guard.create({ urn: "urn", name: "guard", inputs: command });
        expect(cleared.outputs["stdout"]).to.match(/ours and Failed/);
        expect(await handler.read({ urn: "urn", id: "example-broken", inputs, outputs: {} })).to.equal(undefined);
    });
});
