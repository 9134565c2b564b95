/** A running cloud for one test file, with clients, and roles and functions in a line each. */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { strToU8, zipSync } from "fflate";
import type { AwsTarget } from "../../../../automation/aws.ts";
import type { Cloud } from "../../../../automation/rehearsal/cloud/cloud.ts";
import { startCloud } from "../../../../automation/rehearsal/cloud/startCloud.ts";
import { preparePythonEnvironment } from "../../../../automation/rehearsal/pythonEnvironment.ts";

export const PROJECT = path.resolve(import.meta.dirname, "..", "..", "..", "..");
export const REGION = "eu-central-1";
export const ACCOUNT = "111122223333";

export interface Statement { readonly Effect: string; readonly Action: string | string[]; readonly Resource: string | string[]; readonly Condition?: object }

export interface TestCloud {
    readonly cloud: Cloud;
    readonly folder: string;
    /** What every client's constructor takes: the account's root. */
    readonly settings: AwsTarget & { forcePathStyle: boolean };
    readonly iam: IAMClient;
    readonly kms: KMSClient;
    readonly lambda: LambdaClient;
    readonly logs: CloudWatchLogsClient;
    readonly sfn: SFNClient;
    /** Makes a role for a service, or for the account when none is given, and returns its ARN. */
    role(name: string, service: string | undefined, ...statements: readonly Statement[]): Promise<string>;
    /** Replaces what a role may do. */
    permit(name: string, ...statements: readonly Statement[]): Promise<void>;
    /** Client settings with a session of the role. */
    as(roleArn: string): Promise<TestCloud["settings"]>;
    /** Makes a function from the body of its handler and returns its ARN. */
    createFunction(name: string, roleArn: string, body: string): Promise<string>;
    stop(): Promise<void>;
}

export function allow(Action: string | string[], Resource: string | string[] = "*", Condition?: object): Statement {
    return { Effect: "Allow", Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

export async function startTestCloud(): Promise<TestCloud> {
    const { python } = await preparePythonEnvironment({ folder: PROJECT });
    const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-test-"));
    const cloud = await startCloud({ region: REGION, folder, python });
    const settings = { ...cloud.target, forcePathStyle: true };
    const [iam, lambda, sts] = [new IAMClient(settings), new LambdaClient(settings), new STSClient(settings)];
    const permit: TestCloud["permit"] = async (name, ...statements) => {
        const document = JSON.stringify({ Version: "2012-10-17", Statement: statements });
        await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "test", PolicyDocument: document }));
    };
    return {
        cloud, folder, settings, iam, lambda, permit,
        kms: new KMSClient(settings), logs: new CloudWatchLogsClient(settings), sfn: new SFNClient(settings),
        role: async (name, service, ...statements) => {
            const principal = service === undefined ? { AWS: `arn:aws:iam::${ACCOUNT}:root` } : { Service: service };
            const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }] };
            const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }));
            if (statements.length > 0) await permit(name, ...statements);
            return Role!.Arn!;
        },
        as: async (roleArn) => {
            const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "test" }));
            const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
            return { ...settings, credentials: { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! } };
        },
        createFunction: async (name, Role, body) => {
            const ZipFile = zipSync({ "index.mjs": strToU8(body) });
            const answer = await lambda.send(new CreateFunctionCommand({
                FunctionName: name, Role, Runtime: "nodejs24.x", Handler: "index.handler", Code: { ZipFile }, Timeout: 20,
            }));
            return answer.FunctionArn!;
        },
        stop: async () => {
            await cloud.stop();
            rmSync(folder, { recursive: true, force: true });
        },
    };
}

/** The error that a call ends with. @throws Error when it succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<Error> {
    try {
        await call;
    } catch (error) {
        return error as Error;
    }
    throw new Error("the call was not refused");
}
