/** What the SageMaker tests share: one cloud, a bucket, an execution role, and short ways to make and await things. */
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
    CreateEndpointCommand,
    CreateEndpointConfigCommand,
    CreateModelCommand,
    CreateTrainingJobCommand,
    DeleteEndpointCommand,
    DescribeEndpointCommand,
    DescribeTrainingJobCommand,
    SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import type {
    CreateTrainingJobCommandInput,
    DescribeEndpointCommandOutput,
    DescribeTrainingJobCommandOutput,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import type { Cloud } from "../../../../automation/rehearsal/cloud/cloud.ts";
import { startCloud } from "../../../../automation/rehearsal/cloud/startCloud.ts";
import { preparePythonEnvironment } from "../../../../automation/rehearsal/pythonEnvironment.ts";

export const REGION = "eu-west-1";
export const IMAGE = `141502667606.dkr.ecr.${REGION}.amazonaws.com/sagemaker-xgboost:3.0-5`;
export const BUCKET = "sagemaker-tests";
const PROJECT = path.resolve(import.meta.dirname, "../../../..");
const FIXTURES = path.join(PROJECT, "tests/fixtures/xgboost-models");
const PULL = ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"];
const POLL_MS = 50;
const MOST_POLLS = 1200;

/** Name and text of a refusal, so that a test states both in one expectation. */
export interface Refusal {
    readonly name: string;
    readonly message: string;
}

export class SageMakerWorld {
    readonly cloud: Cloud;
    readonly folder: string;
    readonly s3: S3Client;
    readonly iam: IAMClient;
    readonly sagemaker: SageMakerClient;
    readonly runtime: SageMakerRuntimeClient;

    private constructor(cloud: Cloud, folder: string) {
        const settings = { ...cloud.target, maxAttempts: 1 };
        this.cloud = cloud;
        this.folder = folder;
        this.s3 = new S3Client({ ...settings, forcePathStyle: true });
        this.iam = new IAMClient(settings);
        this.sagemaker = new SageMakerClient(settings);
        this.runtime = new SageMakerRuntimeClient(settings);
    }

    /** Starts a cloud with the bucket and a role `execution` that may do everything with it. */
    static async open(options: { readonly waitScale?: number } = {}): Promise<SageMakerWorld> {
        const folder = await mkdtemp(path.join(tmpdir(), "firstlight-sagemaker-"));
        const environment = await preparePythonEnvironment({ folder: PROJECT });
        const world = new SageMakerWorld(await startCloud({ region: REGION, folder, python: environment.python, ...options }), folder);
        await world.s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }));
        await world.createRole("execution", ["s3:*", "logs:*"]);
        return world;
    }

    async close(): Promise<void> {
        for (const client of [this.s3, this.iam, this.sagemaker, this.runtime]) client.destroy();
        await this.cloud.stop();
        await rm(this.folder, { recursive: true, force: true });
    }

    roleArn(name: string): string {
        return `arn:aws:iam::${this.cloud.accountId}:role/${name}`;
    }

    async createRole(name: string, actions: readonly string[], service = "sagemaker.amazonaws.com"): Promise<string> {
        const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } };
        await this.iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy(trust) }));
        await this.setPermissions(name, actions);
        return this.roleArn(name);
    }

    /** What the role may do with everything, beside pulling images. */
    async setPermissions(role: string, actions: readonly string[], pull: readonly string[] = PULL): Promise<void> {
        const document = policy({ Effect: "Allow", Action: [...actions, ...pull], Resource: "*" });
        await this.iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: "test", PolicyDocument: document }));
    }

    /** Overrides limits and pacing of the stand-in while the cloud runs. */
    async setSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
        const file = path.join(this.folder, "sagemaker.json");
        // In one step: the stand-in reads it again and again.
        await writeFile(`${file}.new`, JSON.stringify(settings));
        await rename(`${file}.new`, file);
    }

    async put(key: string, body: string | Uint8Array): Promise<string> {
        await this.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
        return `s3://${BUCKET}/${key}`;
    }

    async read(key: string): Promise<string> {
        const object = await this.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
        return (await object.Body?.transformToString()) ?? "";
    }

    trainingRequest(name: string, overrides: Partial<CreateTrainingJobCommandInput> = {}): CreateTrainingJobCommandInput {
        return {
            TrainingJobName: name,
            RoleArn: this.roleArn("execution"),
            AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: "File" },
            HyperParameters: { num_round: "5", objective: "binary:logistic", eval_metric: "auc" },
            InputDataConfig: [channel("train"), channel("validation")],
            OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/models` },
            ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 5 },
            StoppingCondition: { MaxRuntimeInSeconds: 600 },
            ...overrides,
        };
    }

    /** Creates the job and waits for its end. */
    async train(name: string, overrides: Partial<CreateTrainingJobCommandInput> = {}): Promise<DescribeTrainingJobCommandOutput> {
        await this.sagemaker.send(new CreateTrainingJobCommand(this.trainingRequest(name, overrides)));
        return poll(
            () => this.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name })),
            (job) => job.TrainingJobStatus !== "InProgress" && job.TrainingJobStatus !== "Stopping",
        );
    }

    async createModel(name: string, modelDataUrl: string): Promise<void> {
        const container = { Image: IMAGE, ModelDataUrl: modelDataUrl };
        await this.sagemaker.send(new CreateModelCommand({ ModelName: name, ExecutionRoleArn: this.roleArn("execution"), PrimaryContainer: container }));
    }

    async createConfig(name: string, model: string, maxConcurrency = 1, memorySizeMiB = 1024): Promise<void> {
        const serverless = { MemorySizeInMB: memorySizeMiB, MaxConcurrency: maxConcurrency };
        const variants = [{ VariantName: "main", ModelName: model, ServerlessConfig: serverless }];
        await this.sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: variants }));
    }

    /** Model, configuration and endpoint of one name, until it is InService or Failed. */
    async deploy(name: string, archive: Uint8Array): Promise<DescribeEndpointCommandOutput> {
        await this.createModel(name, await this.put(`archives/${name}/model.tar.gz`, archive));
        await this.createConfig(name, name);
        await this.sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
        return this.settled(name);
    }

    async settled(name: string): Promise<DescribeEndpointCommandOutput> {
        return poll(
            () => this.sagemaker.send(new DescribeEndpointCommand({ EndpointName: name })),
            (endpoint) => endpoint.EndpointStatus !== "Creating" && endpoint.EndpointStatus !== "Updating",
        );
    }

    /** Deletes an endpoint and waits until its name is free. */
    async removeEndpoint(name: string): Promise<void> {
        await this.sagemaker.send(new DeleteEndpointCommand({ EndpointName: name }));
        await poll(() => refusal(this.sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }))), (answer) => answer !== undefined);
    }

    async invoke(name: string, body: string | Uint8Array, contentType = "text/csv", accept?: string): Promise<string> {
        const options = accept === undefined ? {} : { Accept: accept };
        const answer = await this.runtime.send(new InvokeEndpointCommand({ EndpointName: name, Body: body, ContentType: contentType, ...options }));
        return answer.Body.transformToString();
    }
}

/** What a call was refused with, or undefined when it was accepted. */
export async function refusal(call: Promise<unknown>): Promise<Refusal | undefined> {
    try {
        await call;
        return undefined;
    } catch (error) {
        if (!(error instanceof Error)) throw error;
        return { name: error.name, message: error.message };
    }
}

export async function poll<T>(read: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
    for (let count = 0; count < MOST_POLLS; count += 1) {
        const value = await read();
        if (isDone(value)) return value;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Error(`not done after ${(POLL_MS * MOST_POLLS) / 1000} s`);
}

export function channel(name: string, contentType: string | undefined = "text/csv") {
    return {
        ChannelName: name,
        ...(contentType === undefined ? {} : { ContentType: contentType }),
        DataSource: { S3DataSource: { S3DataType: "S3Prefix" as const, S3Uri: `s3://${BUCKET}/data/${name}/` } },
    };
}

/** Label first, three features; the label follows from the first two. The same lines at every run. */
export function csvLines(count: number, classes = 2): string {
    const lines: string[] = [];
    for (let index = 0; index < count; index += 1) {
        const [a, b, c] = [((index * 37) % 101) / 101, ((index * 53) % 97) / 97, ((index * 71) % 89) / 89];
        lines.push([Math.min(classes - 1, Math.floor(((a + b) / 2) * classes)), a, b, c].join(","));
    }
    return `${lines.join("\n")}\n`;
}

export async function fixture(name: string): Promise<Uint8Array> {
    return readFile(path.join(FIXTURES, name));
}

/** A gzip-compressed tar of the entries; a name that ends in `/` becomes a folder. */
export function archive(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
    const blocks = Object.entries(entries).flatMap(([name, body]) => [tarHeader(name, body.length), body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
    return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

function tarHeader(name: string, size: number): Buffer {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write("0000644\0", 100);
    header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        ", 148);
    header.write(name.endsWith("/") ? "5" : "0", 156);
    header.write("ustar\u000000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return header;
}

function policy(statement: Readonly<Record<string, unknown>>): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
